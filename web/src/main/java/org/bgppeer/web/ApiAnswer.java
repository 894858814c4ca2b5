package org.bgppeer.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Answers an [ApiOperation]: in the form that was asked for, whole with an `ETag` if it is one
/// page, and row by row as they are read if it is more: any table goes out in the memory of one
/// page.
final class ApiAnswer {
  /// Rows that one read of the database may bring.
  private static final int PAGE = 1000;

  private static final int USUAL = 100;

  /// The forms of a list.
  private enum Form {
    JSON("application/json"),
    JSONL("application/x-ndjson"),
    CSV("text/csv; charset=utf-8");

    private final String type;

    Form(String type) {
      this.type = type;
    }
  }

  private ApiAnswer() {}

  static void write(Context context, ApiOperation operation, Visit visit) {
    context.header("Cache-Control", "no-cache");
    if (operation.one() != null) {
      whole(context, Form.JSON, Tabular.json(operation.one().apply(visit)));
    } else if (operation.list() != null) {
      rows(context, visit, operation.list().apply(visit));
    }
  }

  /// Whether more is asked for than one page of a list has.
  static boolean isStreamed(Visit visit) {
    Long limit = visit.number("limit", 0, Long.MAX_VALUE);
    return limit != null && (limit == 0 || limit > PAGE);
  }

  private static void rows(Context context, Visit visit, ApiOperation.Rows rows) {
    Form form = form(context, visit);
    Long asked = visit.number("limit", 0, Long.MAX_VALUE);
    long limit = asked == null ? USUAL : asked == 0 ? Long.MAX_VALUE : asked;
    var page = rows.page(visit.text("after"), (int) Math.min(limit, PAGE));
    context.header("Vary", "Accept");
    if (page.next() == null || page.rows().size() >= limit) {
      if (page.next() != null) {
        context.header("Link", "<" + visit.with("after", page.next()) + ">; rel=\"next\"");
      }
      var out = new StringBuilder();
      begin(out, form);
      append(out, form, page, true);
      end(out, form, page.next());
      whole(context, form, out.toString().getBytes(StandardCharsets.UTF_8));
      return;
    }
    context.contentType(form.type);
    try {
      OutputStream stream = context.outputStream();
      var out = new StringBuilder();
      begin(out, form);
      boolean first = true;
      long left = limit;
      while (true) {
        append(out, form, page, first);
        left -= page.rows().size();
        first &= page.rows().isEmpty();
        if (page.next() == null || left <= 0) {
          end(out, form, page.next());
        }
        stream.write(out.toString().getBytes(StandardCharsets.UTF_8));
        out.setLength(0);
        if (page.next() == null || left <= 0) {
          return;
        }
        page = rows.page(page.next(), (int) Math.min(left, PAGE));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the client is gone", e);
    }
  }

  private static Form form(Context context, Visit visit) {
    String usual = "json";
    String accept = context.header("Accept");
    if (accept != null) {
      usual = accept.contains("text/csv") ? "csv" : accept.contains("ndjson") ? "jsonl" : usual;
    }
    return Form.valueOf(
        visit.choice("format", usual, "json", "jsonl", "csv").toUpperCase(Locale.ROOT));
  }

  private static void begin(StringBuilder out, Form form) {
    if (form == Form.JSON) {
      out.append("{\"data\":[");
    }
  }

  private static void append(StringBuilder out, Form form, ApiOperation.Page page, boolean first) {
    if (form == Form.CSV) {
      out.append(Tabular.csv(page.rows(), first));
      return;
    }
    boolean comma = form == Form.JSON && !first;
    for (Record row : page.rows()) {
      if (comma) {
        out.append(",\n");
      }
      out.append(new String(Tabular.json(row), StandardCharsets.UTF_8));
      if (form == Form.JSONL) {
        out.append('\n');
      }
      comma = form == Form.JSON;
    }
  }

  private static void end(StringBuilder out, Form form, @Nullable String next) {
    if (form == Form.JSON) {
      out.append("],\"next\":")
          .append(next == null ? "null" : new String(Tabular.json(next), StandardCharsets.UTF_8))
          .append("}\n");
    }
  }

  private static void whole(Context context, Form form, byte[] octets) {
    var sum = new CRC32C();
    sum.update(octets);
    String tag = "W/\"%08x-%x\"".formatted(sum.getValue(), octets.length);
    context.header("ETag", tag);
    String known = context.header("If-None-Match");
    if (known != null && known.contains(tag)) {
      context.status(304);
    } else {
      context.contentType(form.type).result(octets);
    }
  }
}
