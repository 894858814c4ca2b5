package org.bgppeer.wire;

/// Names of IANA's registry "SRv6 Endpoint Behaviors" (RFC 8986 §10.2, RFC 9800 for NEXT-CSID).
final class Srv6 {
  private static final String[] END = {"", "PSP", "USP", "PSP & USP"};

  private Srv6() {}

  /// The name of a behavior, `End.DT4`; `behavior-1000` if it has none here.
  static String behavior(int code) {
    return switch (code) {
      case 1, 2, 3, 4 -> with("End", END[code - 1]);
      case 5, 6, 7, 8 -> with("End.X", END[code - 5]);
      case 9, 10, 11, 12 -> with("End.T", END[code - 9]);
      case 14 -> "End.B6.Encaps";
      case 15 -> "End.BM";
      case 16 -> "End.DX6";
      case 17 -> "End.DX4";
      case 18 -> "End.DT6";
      case 19 -> "End.DT4";
      case 20 -> "End.DT46";
      case 21 -> "End.DX2";
      case 22 -> "End.DX2V";
      case 23 -> "End.DT2U";
      case 24 -> "End.DT2M";
      case 27 -> "End.B6.Encaps.Red";
      case 28, 29, 30, 31 -> with("End", usd(code - 28));
      case 32, 33, 34, 35 -> with("End.X", usd(code - 32));
      case 36, 37, 38, 39 -> with("End.T", usd(code - 36));
      case 42 -> "End with NEXT-ONLY-CSID";
      case 43, 44, 45, 46 -> next("End", END[code - 43]);
      case 47, 48, 49, 50 -> next("End", usd(code - 47));
      case 51 -> "End.X with NEXT-ONLY-CSID";
      case 52, 53, 54, 55 -> next("End.X", END[code - 52]);
      case 56, 57, 58, 59 -> next("End.X", usd(code - 56));
      case 60 -> next("End.DX6", "");
      case 61 -> next("End.DX4", "");
      case 62 -> next("End.DT6", "");
      case 63 -> next("End.DT4", "");
      case 64 -> next("End.DT46", "");
      case 65 -> next("End.DX2", "");
      case 66 -> next("End.DX2V", "");
      case 67 -> next("End.DT2U", "");
      case 68 -> next("End.DT2M", "");
      case 0xffff -> "opaque";
      default -> "behavior-" + code;
    };
  }

  private static String usd(int flavor) {
    return flavor == 0 ? "USD" : END[flavor] + " & USD";
  }

  private static String next(String behavior, String flavor) {
    return with(behavior, flavor.isEmpty() ? "NEXT-CSID" : "NEXT-CSID & " + flavor);
  }

  private static String with(String behavior, String flavor) {
    return flavor.isEmpty() ? behavior : behavior + " with " + flavor;
  }
}
