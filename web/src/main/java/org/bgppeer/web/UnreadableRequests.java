package org.bgppeer.web;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// What Jetty says of a request that it cannot read, which no page ever sees: `/%`, for instance,
/// or an address of 10,000 characters.
final class UnreadableRequests extends ErrorHandler {
  private static final int ADDRESS_TOO_LONG = 414;
  private static final int HEADERS_TOO_LARGE = 431;

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      String message,
      @Nullable Throwable cause,
      Callback callback) {
    String why =
        code == ADDRESS_TOO_LONG || code == HEADERS_TOO_LARGE
            ? "Its address, or what the browser sends with it, is too long."
            : "Its address has characters that cannot be in one, or a % that does not belong"
                + " there.";
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
    response.getHeaders().put("Content-Security-Policy", "default-src 'none'");
    Content.Sink.write(
        response,
        true,
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Bad request · bgp-peer</title></head>
        <body><h1>This request cannot be read</h1><p>%s</p><p><a href="/">Dashboard</a></p></body></html>
        """
            .formatted(why),
        callback);
  }
}
