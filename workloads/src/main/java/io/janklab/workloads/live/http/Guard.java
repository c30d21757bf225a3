package io.janklab.workloads.live.http;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets only those requests through that this server's own pages send, or a user's browser that opens one.
///
/// A page of another site can make a browser send requests to loopback, under a name of its own that it has pointed there (DNS rebinding:
/// then `Host` is not ours), or across sites (then `Origin` or `Sec-Fetch-Site` say so).
final class Guard {
    private static final String GET = "GET";
    private static final String POST = "POST";

    private final Limits limits;
    private final Set<String> hosts;
    private final Set<String> origins;

    /// @param port where the server listens
    Guard(Limits limits, int port) {
        this.limits = limits;
        hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
        origins = Set.copyOf(hosts.stream().map(host -> "http://" + host).toList());
    }

    /// Why that request may not pass; null if it may.
    @Nullable Refusal refusal(String method, Headers headers, String rawQuery) {
        if (!hosts.contains(String.valueOf(headers.getFirst("Host")))) {
            return new Refusal(Refusal.FORBIDDEN, "This server answers to 127.0.0.1 and localhost alone.");
        }
        if (isAnothers(headers)) {
            return new Refusal(Refusal.FORBIDDEN, "This server answers its own pages alone.");
        }
        if (!method.equals(GET) && !method.equals(POST)) {
            return new Refusal(Refusal.METHOD_NOT_ALLOWED, "This server takes GET and POST.");
        }
        if (hasBody(headers)) {
            return new Refusal(Refusal.TOO_LARGE, "This server takes no request with a body.");
        }
        if (rawQuery != null && rawQuery.length() > limits.queryBytes()) {
            return new Refusal(Refusal.URL_TOO_LONG, "The query is longer than " + limits.queryBytes() + " bytes.");
        }
        return null;
    }

    private boolean isAnothers(Headers headers) {
        String origin = headers.getFirst("Origin");
        String site = headers.getFirst("Sec-Fetch-Site");
        boolean opensPage = "document".equals(headers.getFirst("Sec-Fetch-Dest"));
        boolean fromHere = site == null || List.of("same-origin", "none").contains(site);
        return origin != null && !origins.contains(origin) || !fromHere && !opensPage;
    }

    private static boolean hasBody(Headers headers) {
        String length = headers.getFirst("Content-Length");
        return headers.containsKey("Transfer-Encoding") || length != null && !length.equals("0");
    }
}
