package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OPEN, type 1, RFC 4271 §4.2. Behind the header:
///
/// ```
/// +-------------+--------+---------------+--------------------+-------------------+------------+
/// | Version (1) | AS (2) | Hold Time (2) | BGP Identifier (4) | Parms Length (1)  | Parameters |
/// +-------------+--------+---------------+--------------------+-------------------+------------+
/// ```
///
/// where a parameter is a type and a length of an octet each and that many octets. If the first
/// type is 255 and the length not 0, it is the long form of RFC 9072 §2: a length of two octets
/// follows, and parameters whose lengths have two. Parameter type 2 holds capabilities (RFC 5492
/// §4), one or several.
///
/// Only what can be read is judged here; whether AS, hold time and identifier are acceptable, and
/// the parameters complete, is for the session.
///
/// @param version always 4 if it was decoded
/// @param myAs the 2-octet field: [#AS_TRANS] if the AS needs four
/// @param holdTimeSeconds 0..65535, zero for none
/// @param bgpIdentifier 0..4294967295
/// @param capabilities of all parameters of that type, in wire order, repeated ones too
/// @param parameters those that are not capabilities, in wire order
public record Open(
    int version,
    int myAs,
    int holdTimeSeconds,
    long bgpIdentifier,
    List<Capability> capabilities,
    List<OptionalParameter> parameters)
    implements Message {

  /// What stands in the 2-octet field for an AS that does not fit (RFC 6793 §9).
  public static final int AS_TRANS = 23456;

  private static final int CAPABILITIES = 2;
  private static final int EXTENDED = 255;

  public Open {
    capabilities = List.copyOf(capabilities);
    parameters = List.copyOf(parameters);
  }

  /// An OPEN of version 4. A 4-octet AS capability is not added: put it among the capabilities.
  public static Open of(
      long as, int holdTimeSeconds, long bgpIdentifier, List<Capability> capabilities) {
    return new Open(
        4,
        as > 0xffff ? AS_TRANS : (int) as,
        holdTimeSeconds,
        bgpIdentifier,
        capabilities,
        List.of());
  }

  @Override
  public MessageType type() {
    return MessageType.Assigned.OPEN;
  }

  /// The AS of the sender: of the 4-octet AS capability if there is one, else of the 2-octet field.
  public long as() {
    Capability.FourOctetAs wide = capability(Capability.FourOctetAs.class);
    return wide == null ? myAs : wide.as();
  }

  /// All capabilities of a kind, in their order.
  public <T extends Capability> List<T> capabilities(Class<T> kind) {
    return capabilities.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /// The last capability of a kind, as RFC 4724 §3 wants it; null if there is none.
  public <T extends Capability> @Nullable T capability(Class<T> kind) {
    for (Capability capability : capabilities.reversed()) {
      if (kind.isInstance(capability)) {
        return kind.cast(capability);
      }
    }
    return null;
  }

  /// Reads a whole message.
  ///
  /// @throws OpenError if the version is not 4 (RFC 4271 §6.2: Unsupported Version Number), or a
  ///     length does not fit (Unspecific)
  public static Open decode(byte[] message, int offset, int length) throws OpenError {
    if (length < MessageType.Assigned.OPEN.minLength()) {
      throw unspecific("length " + length + " is below 29, the shortest OPEN");
    }
    var in =
        new WireReader(message, offset + Framing.HEADER_LENGTH, length - Framing.HEADER_LENGTH);
    int version = in.u8();
    if (version != 4) {
      throw new OpenError(
          new Notification(
              Notification.OPEN_MESSAGE_ERROR,
              Notification.UNSUPPORTED_VERSION,
              Octets.of(new byte[] {0, 4})),
          "version " + version + " is not 4");
    }
    int myAs = in.u16();
    int holdTimeSeconds = in.u16();
    long bgpIdentifier = in.u32();
    int parametersLength = in.u8();
    boolean extended =
        parametersLength != 0 // of any other number RFC 9072 §2 says to ignore it
            && in.remaining() > 0
            && (in.array()[in.position()] & 0xff) == EXTENDED;
    if (extended) {
      in.skip(1);
      if (in.remaining() < 2) {
        throw unspecific("no room for the extended length of the optional parameters");
      }
      parametersLength = in.u16();
    }
    if (parametersLength != in.remaining()) {
      throw unspecific(
          "optional parameters of "
              + parametersLength
              + " octets where "
              + in.remaining()
              + " octets are left");
    }
    var capabilities = new ArrayList<Capability>();
    var parameters = new ArrayList<OptionalParameter>();
    int header = extended ? 3 : 2;
    while (in.remaining() > 0) {
      if (in.remaining() < header) {
        throw unspecific("an optional parameter without a length");
      }
      int type = in.u8();
      int parameterLength = extended ? in.u16() : in.u8();
      if (parameterLength > in.remaining()) {
        throw unspecific(
            "optional parameter "
                + type
                + " of "
                + parameterLength
                + " octets where "
                + in.remaining()
                + " octets are left");
      }
      if (type == CAPABILITIES) {
        decodeCapabilities(in.slice(parameterLength), capabilities);
      } else {
        parameters.add(new OptionalParameter(type, in.octets(parameterLength)));
      }
    }
    return new Open(4, myAs, holdTimeSeconds, bgpIdentifier, capabilities, parameters);
  }

  private static void decodeCapabilities(WireReader in, List<Capability> capabilities)
      throws OpenError {
    while (in.remaining() > 0) {
      if (in.remaining() < 2) {
        throw unspecific("a capability without a length");
      }
      int code = in.u8();
      int length = in.u8();
      if (length > in.remaining()) {
        throw unspecific(
            "capability "
                + code
                + " of "
                + length
                + " octets where "
                + in.remaining()
                + " octets are left");
      }
      capabilities.add(Capability.decode(code, in.slice(length)));
    }
  }

  private static OpenError unspecific(String message) {
    return new OpenError(Notification.of(Notification.OPEN_MESSAGE_ERROR, 0), message);
  }

  /// The whole message: each capability in a parameter of its own, as all implementations read it;
  /// in the long form of RFC 9072 only if it must be.
  public byte[] encode() {
    var out = new WireWriter();
    int start = Framing.begin(out, type());
    out.u8(version).u16(myAs).u16(holdTimeSeconds).u32(bgpIdentifier);
    int place = out.placeU8();
    encodeParameters(out, false);
    int length = out.length() - place - 1;
    if (length > 254) {
      var longForm = new WireWriter().octets(out.array(), 0, place).u8(EXTENDED).u8(EXTENDED);
      int longPlace = longForm.placeU16();
      encodeParameters(longForm, true);
      longForm.fillU16(longPlace);
      return Framing.end(longForm, start).toByteArray();
    }
    out.fillU8(place);
    return Framing.end(out, start).toByteArray();
  }

  private void encodeParameters(WireWriter out, boolean extended) {
    for (Capability capability : capabilities) {
      out.u8(CAPABILITIES);
      int place = extended ? out.placeU16() : out.placeU8();
      out.u8(capability.code().code());
      int capabilityPlace = out.placeU8();
      capability.encodeValue(out);
      out.fillU8(capabilityPlace);
      fill(out, place, extended);
    }
    for (OptionalParameter parameter : parameters) {
      out.u8(parameter.type());
      int place = extended ? out.placeU16() : out.placeU8();
      out.octets(parameter.value());
      fill(out, place, extended);
    }
  }

  private static void fill(WireWriter out, int place, boolean extended) {
    int length = out.length() - place - 1;
    if (extended) {
      out.fillU16(place);
    } else if (length <= 255) {
      out.fillU8(place);
    } // else the long form is on its way, since the whole is longer than 254 too
  }
}
