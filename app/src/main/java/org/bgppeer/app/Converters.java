package org.bgppeer.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.bgppeer.store.CommunityPattern;
import org.bgppeer.store.Reason;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// Words of the command line as what they mean. Each refusal says what is allowed; picocli puts the
/// option's name before it.
final class Converters {
  private Converters() {}

  /// What `routes` and `history` are asked about.
  ///
  /// @param prefix null if it is another NLRI
  /// @param nlri the canonical text of an NLRI that is not just a prefix; such a text has a space
  /// @param address whether it was given without a length
  record Subject(@Nullable Prefix prefix, String nlri, boolean address) {}

  /// The subject that some words of the command line name together: the text of an NLRI need not be
  /// quoted.
  ///
  /// @throws ParameterException if they name none
  static Subject subject(CommandSpec spec, List<String> words) {
    try {
      return subject(String.join(" ", words).strip().replaceAll(" +", " "));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /// An AS number, 0..4294967295.
  record AsNumber(long value) {}

  /// One community or many that look alike, in the text that was checked.
  record Community(String text) {}

  /// Why a route is not active, in the text that was checked.
  record EndReason(String text) {}

  /// A message type code.
  record MessageTypeCode(int value) {}

  private static final Map<String, Integer> MESSAGE_TYPES =
      Map.of("open", 1, "update", 2, "notification", 3, "keepalive", 4, "route-refresh", 5);

  static void register(CommandLine line) {
    line.registerConverter(AsNumber.class, Converters::asNumber);
    line.registerConverter(
        Community.class,
        refusing(
            text -> {
              CommunityPattern.parse(text);
              return new Community(text);
            }));
    line.registerConverter(EndReason.class, Converters::endReason);
    line.registerConverter(MessageTypeCode.class, Converters::messageType);
    line.registerConverter(Instant.class, refusing(text -> Moment.parse(text, Clock.systemUTC())));
    line.registerConverter(Prefix.class, refusing(Prefix::parse));
    line.registerConverter(Family.class, refusing(Family::parse));
    line.registerConverter(InetAddress.class, refusing(Address::parse));
    line.registerConverter(InetSocketAddress.class, refusing(Address::parseWithPort));
    line.registerConverter(Pattern.class, Converters::pattern);
    line.registerConverter(int.class, Converters::wholeNumber);
    line.registerConverter(Integer.class, Converters::wholeNumber);
  }

  /// Turns the exception that every `parse` of this program throws into picocli's.
  private static <T> ITypeConverter<T> refusing(ITypeConverter<T> parse) {
    return text -> {
      try {
        return parse.convert(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  private static int wholeNumber(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not a whole number");
    }
  }

  private static Subject subject(String text) {
    if (text.indexOf(' ') > 0) {
      return new Subject(null, text, false);
    }
    boolean address = text.indexOf('/') < 0;
    try {
      return new Subject(address ? Prefix.ofAddress(text) : Prefix.parse(text), "", address);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is neither a prefix such as 192.0.2.0/24 nor an address", e);
    }
  }

  private static AsNumber asNumber(String text) {
    String digits = text.toUpperCase(Locale.ROOT).startsWith("AS") ? text.substring(2) : text;
    if (!digits.matches("\\d{1,10}") || Long.parseLong(digits) > 4294967295L) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is not an AS number; allowed is 0..4294967295, with or without AS before it");
    }
    return new AsNumber(Long.parseLong(digits));
  }

  private static EndReason endReason(String text) {
    var allowed =
        Arrays.stream(Reason.values())
            .filter(reason -> reason != Reason.REPLACED)
            .map(Reason::text)
            .toList();
    if (text.equals(Reason.REPLACED.text())) {
      throw new TypeConversionException(
          "what was replaced is a former version of a route that is there; 'bgp-peer history"
              + " PREFIX' lists those");
    }
    if (!allowed.contains(text)) {
      throw new TypeConversionException(
          "'" + text + "' is not a reason; allowed are " + String.join(", ", allowed));
    }
    return new EndReason(text);
  }

  private static MessageTypeCode messageType(String text) {
    Integer code = MESSAGE_TYPES.get(text.toLowerCase(Locale.ROOT).replace('_', '-'));
    if (code == null && text.matches("\\d{1,3}") && Integer.parseInt(text) < 256) {
      code = Integer.valueOf(text);
    }
    if (code == null) {
      List<String> words = MESSAGE_TYPES.keySet().stream().sorted().toList();
      throw new TypeConversionException(
          "'"
              + text
              + "' is not a message type; allowed are "
              + words.stream().collect(Collectors.joining(", "))
              + " and 0..255");
    }
    return new MessageTypeCode(code);
  }

  private static Pattern pattern(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new TypeConversionException(
          "'" + text + "' is not a regular expression (" + e.getDescription() + ")");
    }
  }

  /// The name of a message type code, as `--type` takes it.
  static String messageType(int code) {
    return MESSAGE_TYPES.entrySet().stream()
        .filter(entry -> entry.getValue() == code)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseGet(() -> Integer.toString(code));
  }
}
