package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// UPDATE, type 2, RFC 4271 §4.3: routes that are there, and routes that are no more. Behind the
/// header:
///
/// ```
/// +-------------+-----------+--------------+------------+---------------+
/// | Withdrawn   | Withdrawn | Attributes   | Path       | NLRI          |
/// | Length (2)  | Routes    | Length (2)   | Attributes | (the rest)    |   octets
/// +-------------+-----------+--------------+------------+---------------+
/// ```
///
/// and a path attribute is flags (1), type (1), a length (1, or 2 if flag 0x10 is set) and that
/// many octets.
///
/// [#decode] never fails: it checks all of it in one pass and collects what is wrong as RFC 7606
/// says ([#findings]); [#handling] is the strongest of it and what the caller must do. It keeps the
/// array it was given, which must not change while this is in use, and makes a constant number of
/// objects, whatever the number of routes; [#attributes] makes objects of the attributes when
/// asked.
///
/// Take [#withdrawn] before [#announced]: a route in both is announced (RFC 4271 §4.3).
public final class Update implements Message {
  /// Beyond so many findings only those that are worse than all before are kept: a message can be
  /// made of nothing else.
  private static final int MAX_FINDINGS = 64;

  /// Of a wrong route list not all octets are kept with the finding, the message has them.
  private static final int MAX_NLRI_OCTETS = 64;

  /// The room for data in a NOTIFICATION that every neighbor takes (RFC 4271 §4.5).
  private static final int MAX_NOTIFICATION_DATA = Framing.MAX_LENGTH - 21;

  private static final int EXTENDED_LENGTH = 0x10;

  // What the scan remembers of an attribute, three numbers each.
  private static final int SPAN = 3;
  private static final int HEADER_AT = 0;
  private static final int VALUE_AT = 1;
  private static final int USED_LENGTH = 2; // the value's length, or its complement if not used

  private final byte[] array;
  private final int start;
  private final DecodeContext context;
  private List<Finding> findings = List.of();
  private ErrorHandling handling = ErrorHandling.NONE;
  private @Nullable Notification reset;
  private @Nullable NlriBlock withdrawnField;
  private @Nullable NlriBlock withdrawnMp;
  private @Nullable NlriBlock announcedField;
  private @Nullable NlriBlock announcedMp;
  private @Nullable Family endOfRib;
  private int[] spans = new int[12 * SPAN];
  private int spanCount;
  private int attributesAt;
  private int attributesEnd;
  private boolean hasNlri;

  /// Whether the attributes can be taken over as they are: all used, none of an MP kind, AS numbers
  /// of 4 octets.
  private boolean plain;

  private @Nullable List<PathAttribute> attributes;

  private Update(byte[] array, int start, DecodeContext context) {
    this.array = array;
    this.start = start;
    this.context = context;
  }

  /// Reads one whole message, header included; the header is taken as checked.
  ///
  /// @param length of the message, which is that of its header
  public static Update decode(byte[] message, int offset, int length, DecodeContext context) {
    var update = new Update(message, offset, context);
    update.scan(offset + length);
    return update;
  }

  @Override
  public MessageType type() {
    return MessageType.Assigned.UPDATE;
  }

  /// What it was decoded with.
  public DecodeContext context() {
    return context;
  }

  /// All that is wrong, in the order of the message.
  public List<Finding> findings() {
    return findings;
  }

  /// What must be done (RFC 7606 §3 (h)): with [ErrorHandling#TREAT_AS_WITHDRAW] the announced
  /// routes count as withdrawn; with [ErrorHandling#SESSION_RESET] nothing of it is used and
  /// [#reset] is sent; else it is taken as it is.
  public ErrorHandling handling() {
    return handling;
  }

  /// What to send if [#handling] is a session reset; else null.
  public @Nullable Notification reset() {
    return reset;
  }

  /// The routes that are no more: of the Withdrawn Routes field, of MP_UNREACH_NLRI. None if the
  /// session must be reset.
  public List<NlriBlock> withdrawn() {
    return handling == ErrorHandling.SESSION_RESET
        ? List.of()
        : blocks(withdrawnField, withdrawnMp);
  }

  /// The routes that are announced: of the NLRI field, of MP_REACH_NLRI. None if the session must
  /// be reset.
  public List<NlriBlock> announced() {
    return handling == ErrorHandling.SESSION_RESET
        ? List.of()
        : blocks(announcedField, announcedMp);
  }

  /// The family whose initial routes end with this message (RFC 4724 §2); null if it is not such.
  public @Nullable Family endOfRib() {
    return endOfRib;
  }

  private static List<NlriBlock> blocks(@Nullable NlriBlock field, @Nullable NlriBlock mp) {
    if (field == null) {
      return mp == null ? List.of() : List.of(mp);
    }
    return mp == null ? List.of(field) : List.of(field, mp);
  }

  // ---- the scan ----

  private void scan(int end) {
    int at = start + Framing.HEADER_LENGTH;
    if (end - at < 4) {
      fault(
          null,
          start,
          end - start,
          ErrorHandling.SESSION_RESET,
          1,
          "length " + (end - start) + " is below 23, the shortest UPDATE",
          "RFC 4271 6.1");
      attributesAt = attributesEnd = end;
      return;
    }
    int withdrawnAt = at + 2;
    int withdrawnEnd = withdrawnAt + WireReader.u16(array, at);
    if (withdrawnEnd > end - 2) {
      fault(
          null,
          at,
          2,
          ErrorHandling.SESSION_RESET,
          1,
          "withdrawn routes of "
              + (withdrawnEnd - withdrawnAt)
              + " octets where "
              + (end - 2 - withdrawnAt)
              + " octets have room",
          "RFC 7606 3(b)");
      attributesAt = attributesEnd = end;
      return;
    }
    attributesAt = withdrawnEnd + 2;
    attributesEnd = attributesAt + WireReader.u16(array, withdrawnEnd);
    if (attributesEnd > end) {
      fault(
          null,
          withdrawnEnd,
          2,
          ErrorHandling.SESSION_RESET,
          1,
          "path attributes of "
              + (attributesEnd - attributesAt)
              + " octets where "
              + (end - attributesAt)
              + " octets are left",
          "RFC 7606 3(b)");
      attributesAt = attributesEnd = end;
      return;
    }
    hasNlri = attributesEnd < end;
    if (withdrawnEnd > withdrawnAt) {
      withdrawnField = field(withdrawnAt, withdrawnEnd);
    }
    boolean whole = scanAttributes();
    if (hasNlri) {
      announcedField = field(attributesEnd, end);
    }
    checkMandatory(whole);
    if (withdrawnEnd == withdrawnAt && attributesEnd == end) {
      if (spanCount == 0 && attributesAt == attributesEnd) {
        endOfRib = Family.IPV4_UNICAST;
      } else if (spanCount == 1 && whole && code(0) == 15 && spans[USED_LENGTH] == 3) {
        endOfRib = family(spans[VALUE_AT]);
      }
    }
  }

  /// The routes of a field of RFC 4271; null if they are wrong.
  private @Nullable NlriBlock field(int from, int to) {
    boolean pathIds = context.hasPathIds(Family.IPV4_UNICAST);
    int count = NlriBlock.check(array, from, to, pathIds, 32);
    if (count < 0) {
      int wrong = -1 - count;
      fault(
          null,
          wrong,
          Math.min(to - wrong, MAX_NLRI_OCTETS),
          ErrorHandling.SESSION_RESET,
          10,
          (to <= attributesAt ? "withdrawn routes: " : "NLRI: ")
              + NlriBlock.fault(array, wrong, to, pathIds, 32),
          "RFC 7606 5.3");
      return null;
    }
    return new NlriBlock(Family.IPV4_UNICAST, false, pathIds, array, from, to, count, Octets.EMPTY);
  }

  /// Walks the attributes, checks each, and remembers where it stands.
  ///
  /// @return whether the list could be walked to its end (RFC 7606 §4)
  private boolean scanAttributes() {
    plain = context.as4();
    long seen0 = 0;
    long seen1 = 0;
    long seen2 = 0;
    long seen3 = 0;
    for (int at = attributesAt; at < attributesEnd; ) {
      int left = attributesEnd - at;
      int flags = array[at] & 0xff;
      int header = (flags & EXTENDED_LENGTH) != 0 ? 4 : 3;
      if (left < header) {
        plain = false;
        fault(
            null,
            at,
            left,
            ErrorHandling.TREAT_AS_WITHDRAW,
            1,
            left + " octets are left, too few for an attribute",
            "RFC 7606 4");
        return false;
      }
      int code = array[at + 1] & 0xff;
      int length = header == 4 ? WireReader.u16(array, at + 2) : array[at + 2] & 0xff;
      if (length > left - header) {
        plain = false;
        boolean mp = code == 14 || code == 15; // RFC 7606 3(j): its routes cannot be found
        fault(
            AttributeType.of(code),
            at,
            left,
            mp ? ErrorHandling.SESSION_RESET : ErrorHandling.TREAT_AS_WITHDRAW,
            1,
            "length " + length + " where " + (left - header) + " octets are left",
            mp ? "RFC 7606 3(j)" : "RFC 7606 4");
        return false;
      }
      long bit = 1L << (code & 63);
      boolean repeated;
      switch (code >>> 6) {
        case 0 -> {
          repeated = (seen0 & bit) != 0;
          seen0 |= bit;
        }
        case 1 -> {
          repeated = (seen1 & bit) != 0;
          seen1 |= bit;
        }
        case 2 -> {
          repeated = (seen2 & bit) != 0;
          seen2 |= bit;
        }
        default -> {
          repeated = (seen3 & bit) != 0;
          seen3 |= bit;
        }
      }
      boolean used = !repeated && check(code, flags, at, header, length);
      if (repeated) {
        repeated(code, at, header + length);
      }
      remember(at, at + header, used ? length : ~length);
      plain &= used;
      at += header + length;
    }
    return true;
  }

  private void remember(int headerAt, int valueAt, int usedLength) {
    if (spanCount * SPAN == spans.length) {
      spans = Arrays.copyOf(spans, spans.length * 2);
    }
    int at = spanCount++ * SPAN;
    spans[at + HEADER_AT] = headerAt;
    spans[at + VALUE_AT] = valueAt;
    spans[at + USED_LENGTH] = usedLength;
  }

  private void repeated(int code, int at, int octets) {
    boolean mp = code == 14 || code == 15;
    fault(
        AttributeType.of(code),
        at,
        octets,
        mp ? ErrorHandling.SESSION_RESET : ErrorHandling.ATTRIBUTE_DISCARD,
        1,
        "appears more than once",
        "RFC 7606 3(g)");
  }

  /// Checks one attribute.
  ///
  /// @return whether it may be used
  private boolean check(int code, int flags, int at, int header, int length) {
    AttributeType.Assigned type = AttributeType.assigned(code);
    int octets = header + length;
    if (type == null) {
      if ((flags & 0x80) == 0) {
        fault(
            AttributeType.of(code),
            at,
            octets,
            ErrorHandling.SESSION_RESET,
            2,
            "flags 0x%02x say that it is well-known, and it is not".formatted(flags),
            "RFC 4271 6.3");
        return false;
      }
      return true;
    }
    String unwanted = unwanted(type);
    if (unwanted != null) {
      fault(type, at, octets, ErrorHandling.ATTRIBUTE_DISCARD, 9, unwanted, type.rule());
      return false;
    }
    if (!type.category().matches(flags)) {
      wrongFlags(type, flags, at, octets);
      return false;
    }
    int value = at + header;
    try {
      switch (type) {
        case ORIGIN -> Origin.check(array, value, length);
        case AS_PATH -> checkAsPath(at, value, length, octets);
        case NEXT_HOP -> {
          MalformedAttribute.unlessLength(4, length);
          if (hasNlri) { // else it is ignored: RFC 4760 §3
            NextHop.checkHost(array, value);
          }
        }
        case MULTI_EXIT_DISC, LOCAL_PREF, ORIGINATOR_ID ->
            MalformedAttribute.unlessLength(4, length);
        case ATOMIC_AGGREGATE -> MalformedAttribute.unlessLength(0, length);
        case AGGREGATOR -> Aggregator.check(array, value, length, context.as4());
        case COMMUNITIES, CLUSTER_LIST -> MalformedAttribute.unlessMultipleOf(4, length);
        case MP_REACH_NLRI -> {
          return checkMpReach(at, value, length, octets);
        }
        case MP_UNREACH_NLRI -> {
          return checkMpUnreach(at, value, length, octets);
        }
        case EXTENDED_COMMUNITIES -> MalformedAttribute.unlessMultipleOf(8, length);
        case AS4_PATH -> checkAs4Path(at, value, length, octets);
        case AS4_AGGREGATOR -> Aggregator.check(array, value, length, true);
        case IPV6_EXTENDED_COMMUNITIES -> MalformedAttribute.unlessMultipleOf(20, length);
        case LARGE_COMMUNITIES -> MalformedAttribute.unlessMultipleOf(12, length);
        case ONLY_TO_CUSTOMER -> MalformedAttribute.unlessLength(4, length);
        case PMSI_TUNNEL,
            TUNNEL_ENCAPSULATION,
            TRAFFIC_ENGINEERING,
            AIGP,
            PE_DISTINGUISHER_LABELS,
            BGP_LS,
            BGPSEC_PATH,
            D_PATH,
            SFP,
            BFD_DISCRIMINATOR,
            PREFIX_SID,
            ATTR_SET ->
            PathAttribute.decode(type, new WireReader(array, value, length), context);
        case CONNECTOR,
            AS_PATHLIMIT,
            ENTROPY_LABEL,
            COMMUNITY_CONTAINER,
            NEXT_HOP_CHARACTERISTICS -> {}
      }
      return true;
    } catch (MalformedAttribute e) {
      fault(type, at, octets, e.handling(type), e.subcode(type), e.reason(), e.rule(type));
      return false;
    }
  }

  private void checkAsPath(int at, int value, int length, int octets) throws MalformedAttribute {
    int seen = AsPath.check(array, value, length, context.as4());
    if ((seen & ~AsPath.SEQUENCE) == 0) {
      return; // as nearly all are
    }
    if ((seen & AsPath.AS_ZERO) != 0) {
      throw new MalformedAttribute("AS 0", "RFC 7607 2");
    }
    if ((seen & (AsPath.CONFED_SEQUENCE | AsPath.CONFED_SET)) != 0 && !context.ibgp()) {
      throw new MalformedAttribute(
          "a segment of a confederation from an external neighbor", "RFC 5065 5");
    }
    noteSets(AttributeType.Assigned.AS_PATH, seen, at, octets);
  }

  private void checkAs4Path(int at, int value, int length, int octets) throws MalformedAttribute {
    int seen = As4Path.check(array, value, length);
    if ((seen & AsPath.AS_ZERO) != 0) {
      throw new MalformedAttribute("AS 0", "RFC 7607 2");
    }
    if ((seen & (AsPath.CONFED_SEQUENCE | AsPath.CONFED_SET)) != 0) {
      note(
          AttributeType.Assigned.AS4_PATH,
          at,
          octets,
          "its segments of a confederation are left out",
          "RFC 6793 6");
    }
    noteSets(AttributeType.Assigned.AS4_PATH, seen & AsPath.SET, at, octets);
  }

  /// RFC 9774 wants routes with sets withdrawn unless the operator says otherwise. Whoever runs a
  /// collector wants to see them, so they stay, and are marked.
  private void noteSets(AttributeType type, int seen, int at, int octets) {
    if ((seen & AsPath.SET) != 0) {
      note(type, at, octets, "has an AS_SET, which is deprecated", "RFC 9774 3");
    }
    if ((seen & AsPath.CONFED_SET) != 0) {
      note(type, at, octets, "has an AS_CONFED_SET, which is deprecated", "RFC 9774 3");
    }
  }

  /// A finding that costs nothing.
  private void note(AttributeType type, int at, int octets, String what, String rule) {
    fault(type, at, octets, ErrorHandling.NONE, 0, what, rule);
  }

  /// Why an attribute must be left out whatever is in it; null if it need not.
  private @Nullable String unwanted(AttributeType.Assigned type) {
    return switch (type) {
      case LOCAL_PREF, ORIGINATOR_ID, CLUSTER_LIST ->
          context.ibgp() ? null : "from an external neighbor";
      case AS4_PATH, AS4_AGGREGATOR ->
          context.as4() ? "from a neighbor with 4-octet AS numbers" : null;
      default -> null;
    };
  }

  private void wrongFlags(AttributeType.Assigned type, int flags, int at, int octets) {
    ErrorHandling cost = ErrorHandling.TREAT_AS_WITHDRAW;
    String rule = "RFC 7606 3(c)";
    if (type == AttributeType.Assigned.MP_REACH_NLRI
        || type == AttributeType.Assigned.MP_UNREACH_NLRI) {
      cost = ErrorHandling.SESSION_RESET;
      rule = "RFC 7606 5.3";
    } else if (type == AttributeType.Assigned.AIGP) {
      cost = ErrorHandling.ATTRIBUTE_DISCARD;
      rule = "RFC 7311 3.2";
    } else if (type == AttributeType.Assigned.BGP_LS) {
      cost = ErrorHandling.ATTRIBUTE_DISCARD;
      rule = "RFC 9552 8.2.2";
    } else if (type == AttributeType.Assigned.ATOMIC_AGGREGATE
        || type == AttributeType.Assigned.AGGREGATOR) {
      cost = ErrorHandling.ATTRIBUTE_DISCARD;
      rule = "RFC 7606 3(f)";
    }
    fault(
        type,
        at,
        octets,
        cost,
        4,
        "flags 0x%02x where 0x%02x is due".formatted(flags & 0xc0, type.category().flags()),
        rule);
  }

  private boolean checkMpReach(int at, int value, int length, int octets)
      throws MalformedAttribute {
    plain = false;
    int count = MpReach.check(array, value, length, context);
    Family family = family(value);
    int nextHop = array[value + 3] & 0xff;
    if (count > 0) {
      announcedMp =
          new NlriBlock(
              family,
              true,
              context.hasPathIds(family),
              array,
              value + 5 + nextHop,
              value + length,
              count,
              Octets.copyOf(array, value + 4, nextHop));
      checkRoutes(AttributeType.Assigned.MP_REACH_NLRI, announcedMp);
    }
    return true;
  }

  private boolean checkMpUnreach(int at, int value, int length, int octets)
      throws MalformedAttribute {
    plain = false;
    int count = MpUnreach.check(array, value, length, context);
    Family family = family(value);
    if (count > 0) {
      withdrawnMp =
          new NlriBlock(
              family,
              true,
              context.hasPathIds(family),
              array,
              value + 3,
              value + length,
              count,
              Octets.EMPTY);
      checkRoutes(AttributeType.Assigned.MP_UNREACH_NLRI, withdrawnMp);
    }
    return true;
  }

  /// Says which route of a typed family is not what its type says. That concerns no other one: it
  /// is passed over (RFC 9552 §8.2.2 calls that NLRI discard).
  private void checkRoutes(AttributeType type, NlriBlock block) {
    if (block.family().hasPlainPrefixes()) {
      return;
    }
    for (NlriCursor route = block.routes(); route.next(); ) {
      String wrong = route.fault();
      if (wrong != null) {
        fault(
            type,
            route.from(),
            Math.min(route.length(), MAX_NLRI_OCTETS),
            ErrorHandling.NONE,
            1,
            "a route of " + block.family() + " cannot be read and is not used: " + wrong,
            "RFC 7606 5.4");
        return;
      }
    }
  }

  /// The attributes that must be there if routes are announced (RFC 7606 §3 (d)); and whether an
  /// error can be handled at all if none are (§5.2).
  private void checkMandatory(boolean whole) {
    int present = 0;
    boolean otherThanMpUnreach = !whole;
    boolean reachable = hasNlri;
    for (int i = 0; i < spanCount; i++) {
      int code = code(i);
      otherThanMpUnreach |= code != 15;
      if (code <= 3) {
        present |= 1 << code;
      } else if (code == 14) {
        reachable |= hasRoutes(i);
      }
    }
    if (reachable && whole) {
      missing(AttributeType.Assigned.ORIGIN, present);
      missing(AttributeType.Assigned.AS_PATH, present);
      if (hasNlri) {
        missing(AttributeType.Assigned.NEXT_HOP, present);
      }
    }
    boolean cannotWithdraw =
        !reachable
            && otherThanMpUnreach
            && handling.compareTo(ErrorHandling.ATTRIBUTE_DISCARD) > 0
            && handling.compareTo(ErrorHandling.SESSION_RESET) < 0;
    if (cannotWithdraw) {
      Finding first = strongest();
      reset = notification(first);
      fault(
          null,
          attributesAt,
          0,
          ErrorHandling.SESSION_RESET,
          first.subcode(),
          "no routes to withdraw for it are found",
          "RFC 7606 5.2");
    }
  }

  private void missing(AttributeType.Assigned type, int present) {
    if ((present & 1 << type.code()) == 0) {
      fault(
          type, attributesAt, 0, ErrorHandling.TREAT_AS_WITHDRAW, 3, "is missing", "RFC 7606 3(d)");
    }
  }

  /// Whether an MP_REACH_NLRI has octets behind its next hop.
  private boolean hasRoutes(int index) {
    int value = spans[index * SPAN + VALUE_AT];
    int used = spans[index * SPAN + USED_LENGTH];
    int length = used < 0 ? ~used : used;
    return length > 4 && length > 5 + (array[value + 3] & 0xff);
  }

  private Finding strongest() {
    return Collections.max(
        findings, (a, b) -> a.handling().compareTo(b.handling())); // the first one of equals
  }

  private void fault(
      @Nullable AttributeType attribute,
      int at,
      int octets,
      ErrorHandling cost,
      int subcode,
      String reason,
      String rule) {
    boolean worse = cost.compareTo(handling) > 0;
    if (findings.size() >= MAX_FINDINGS && !worse) {
      return;
    }
    var finding =
        new Finding(
            attribute, at - start, Octets.copyOf(array, at, octets), cost, subcode, reason, rule);
    var all = new ArrayList<>(findings);
    all.add(finding);
    findings = Collections.unmodifiableList(all);
    if (worse) {
      handling = cost;
      if (cost == ErrorHandling.SESSION_RESET && reset == null) {
        reset = notification(finding);
      }
    }
  }

  /// The NOTIFICATION about a finding (RFC 4271 §6.3): where the error is one of an attribute, its
  /// data is the attribute as it came.
  private static Notification notification(Finding finding) {
    Octets data =
        switch (finding.subcode()) {
          case 1, 10, 11 -> Octets.EMPTY;
          case 3 -> {
            AttributeType type = finding.attribute();
            yield type == null ? Octets.EMPTY : Octets.of(new byte[] {(byte) type.code()});
          }
          default -> finding.octets();
        };
    if (data.length() > MAX_NOTIFICATION_DATA) {
      data = Octets.copyOf(data.array(), 0, MAX_NOTIFICATION_DATA);
    }
    return new Notification(Notification.UPDATE_MESSAGE_ERROR, finding.subcode(), data);
  }

  // ---- the attributes ----

  /// One attribute where it stands, whatever it is.
  ///
  /// @param flags the octet as it came
  /// @param offset where its flags stand, from the first octet of the marker
  /// @param length of all of it, flags, type and length included
  /// @param valueOffset where its value begins, from the first octet of the marker
  /// @param valueLength of its value
  /// @param used false if a finding says that it must not be
  public record Span(
      AttributeType type,
      int flags,
      int offset,
      int length,
      int valueOffset,
      int valueLength,
      boolean used) {}

  /// All attributes that could be told apart, in wire order, malformed and repeated ones too.
  public List<Span> spans() {
    var all = new ArrayList<Span>(spanCount);
    for (int i = 0; i < spanCount; i++) {
      int header = spans[i * SPAN + HEADER_AT];
      int value = spans[i * SPAN + VALUE_AT];
      int used = spans[i * SPAN + USED_LENGTH];
      int length = used < 0 ? ~used : used;
      all.add(
          new Span(
              AttributeType.of(code(i)),
              array[header] & 0xff,
              header - start,
              value + length - header,
              value - start,
              length,
              used >= 0));
    }
    return all;
  }

  /// Whether it has an attribute of this code that may be used: without decoding any.
  boolean has(AttributeType.Assigned type) {
    for (int i = 0; i < spanCount; i++) {
      if (code(i) == type.code() && spans[i * SPAN + USED_LENGTH] >= 0) {
        return true;
      }
    }
    return false;
  }

  /// The attributes decoded, in wire order, without those that a finding says not to use. In a
  /// session with 2-octet AS numbers AS_PATH and AGGREGATOR are already merged with AS4_PATH and
  /// AS4_AGGREGATOR (RFC 6793 §4.2.3), which stand beside them as they came.
  public List<PathAttribute> attributes() {
    List<PathAttribute> known = attributes;
    if (known == null) {
      known = decodeAttributes();
      attributes = known;
    }
    return known;
  }

  /// The attribute of a kind; null if there is none that may be used.
  public <T extends PathAttribute> @Nullable T attribute(Class<T> kind) {
    return find(attributes(), kind);
  }

  private static <T extends PathAttribute> @Nullable T find(
      List<PathAttribute> all, Class<T> kind) {
    for (PathAttribute attribute : all) {
      if (kind.isInstance(attribute)) {
        return kind.cast(attribute);
      }
    }
    return null;
  }

  private List<PathAttribute> decodeAttributes() {
    var all = new ArrayList<PathAttribute>(spanCount);
    for (int i = 0; i < spanCount; i++) {
      int length = spans[i * SPAN + USED_LENGTH];
      if (length < 0) {
        continue;
      }
      var in = new WireReader(array, spans[i * SPAN + VALUE_AT], length);
      switch (AttributeType.of(code(i))) {
        case AttributeType.Unknown _ -> all.add(unknown(i));
        case AttributeType.Assigned type -> {
          try {
            all.add(PathAttribute.decode(type, in, context));
          } catch (MalformedAttribute e) {
            if (type.whenMalformed() == ErrorHandling.NONE) {
              all.add(unknown(i));
              continue;
            }
            throw new IllegalStateException(type + " was checked and is malformed", e);
          }
        }
      }
    }
    if (!context.as4()) {
      merge(all);
    }
    return Collections.unmodifiableList(all);
  }

  private UnknownAttribute unknown(int index) {
    int header = spans[index * SPAN + HEADER_AT];
    int value = spans[index * SPAN + VALUE_AT];
    return new UnknownAttribute(
        AttributeType.of(code(index)),
        array[header] & 0xff,
        Octets.copyOf(array, value, spans[index * SPAN + USED_LENGTH]));
  }

  /// RFC 6793 §4.2.3.
  private static void merge(List<PathAttribute> all) {
    var aggregator = find(all, Aggregator.class);
    var as4Aggregator = find(all, As4Aggregator.class);
    if (aggregator != null && as4Aggregator != null) {
      if (aggregator.as() != Open.AS_TRANS) {
        return;
      }
      all.set(all.indexOf(aggregator), new Aggregator(as4Aggregator.as(), as4Aggregator.address()));
    }
    var asPath = find(all, AsPath.class);
    var as4Path = find(all, As4Path.class);
    if (asPath != null && as4Path != null) {
      all.set(all.indexOf(asPath), asPath.mergedWith(as4Path));
    }
  }

  /// The attributes of one block of announced routes as octets, equal for equal attributes: those
  /// that may be used, as they came and in the order in which they came, with AS numbers of 4
  /// octets; without MP_UNREACH_NLRI; MP_REACH_NLRI, if the block is of one, with nothing but the
  /// length of its next hop and the next hop (RFC 6396 §4.3.4), and then without NEXT_HOP, which
  /// such a block ignores (RFC 4760 §3). [AttributeSet#decode] reads it.
  public byte[] attributeSet(NlriBlock announced) {
    if (plain) {
      return Arrays.copyOfRange(array, attributesAt, attributesEnd);
    }
    var out = new WireWriter(attributesEnd - attributesAt + 16);
    for (int i = 0; i < spanCount; i++) {
      int header = spans[i * SPAN + HEADER_AT];
      int value = spans[i * SPAN + VALUE_AT];
      int length = spans[i * SPAN + USED_LENGTH];
      if (length < 0) {
        continue;
      }
      AttributeType.Assigned type = AttributeType.assigned(code(i));
      boolean asIs =
          type == null
              || switch (type) {
                case MP_UNREACH_NLRI -> false;
                case MP_REACH_NLRI -> {
                  if (announced.multiprotocol()) {
                    Octets nextHop = announced.nextHop();
                    out.u8(0x80).u8(type.code()).u8(nextHop.length() + 1);
                    out.u8(nextHop.length()).octets(nextHop);
                  }
                  yield false;
                }
                case NEXT_HOP -> !announced.multiprotocol();
                case AS4_PATH, AS4_AGGREGATOR -> false;
                case AS_PATH -> {
                  if (!context.as4()) {
                    var path = attribute(AsPath.class);
                    if (path != null) {
                      writeAttribute(out, type, path::encode);
                    }
                  }
                  yield context.as4();
                }
                case AGGREGATOR -> {
                  if (!context.as4()) {
                    var aggregator = attribute(Aggregator.class);
                    if (aggregator != null) {
                      writeAttribute(out, type, aggregator::encode);
                    }
                  }
                  yield context.as4();
                }
                default -> true;
              };
      if (asIs) {
        out.octets(array, header, value + length - header);
      }
    }
    return out.toByteArray();
  }

  private static void writeAttribute(
      WireWriter out, AttributeType.Assigned type, java.util.function.Consumer<WireWriter> value) {
    var body = new WireWriter();
    value.accept(body);
    boolean extended = body.length() > 255;
    out.u8(type.category().flags() | (extended ? EXTENDED_LENGTH : 0)).u8(type.code());
    if (extended) {
      out.u16(body.length());
    } else {
      out.u8(body.length());
    }
    out.octets(body.array(), 0, body.length());
  }

  private int code(int index) {
    return array[spans[index * SPAN + HEADER_AT] + 1] & 0xff;
  }

  private Family family(int at) {
    return Family.of(WireReader.u16(array, at), array[at + 2] & 0xff);
  }
}
