package io.janklab.workloads.live.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GuardTest {
    private final Guard guard = new Guard(Limits.USUAL, 7711);

    private Refusal refusal(String method, String query, Map<String, String> more) {
        Headers headers = new Headers();
        headers.set("Host", "127.0.0.1:7711");
        more.forEach(headers::set);
        return guard.refusal(method, headers, query);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:7711", "localhost:7711", "[::1]:7711"})
    void ownNamesPass(String host) {
        assertThat(refusal("GET", null, Map.of("Host", host, "Origin", "http://" + host, "Sec-Fetch-Site", "same-origin"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example:7711", "127.0.0.1", "127.0.0.1:7712", "localhost.evil.example:7711", ""})
    void requestsUnderAnotherNameAreRefused(String host) {
        assertThat(refusal("GET", null, Map.of("Host", host)).status()).isEqualTo(Refusal.FORBIDDEN);
    }

    @Test
    void requestsOfOtherSitesAreRefused() {
        assertThat(refusal("GET", null, Map.of("Origin", "http://evil.example")).status()).isEqualTo(Refusal.FORBIDDEN);
        assertThat(refusal("GET", null, Map.of("Origin", "null")).status()).isEqualTo(Refusal.FORBIDDEN);
        assertThat(refusal("GET", null, Map.of("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "image")).status())
                .isEqualTo(Refusal.FORBIDDEN);
        assertThat(refusal("GET", null, Map.of("Sec-Fetch-Site", "same-site", "Sec-Fetch-Dest", "empty")).status())
                .isEqualTo(Refusal.FORBIDDEN);
    }

    @Test
    void linksFromElsewhereMayOpenThePage() {
        assertThat(refusal("GET", "scenario=scroll", Map.of("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "document"))).isNull();
    }

    @Test
    void requestsThatAreTooLargeAreRefused() {
        assertThat(refusal("POST", null, Map.of("Content-Length", "1")).status()).isEqualTo(Refusal.TOO_LARGE);
        assertThat(refusal("POST", null, Map.of("Transfer-Encoding", "chunked")).status()).isEqualTo(Refusal.TOO_LARGE);
        assertThat(refusal("POST", null, Map.of("Content-Length", "0"))).isNull();
        assertThat(refusal("GET", "x".repeat(Limits.USUAL.queryBytes() + 1), Map.of()).status()).isEqualTo(Refusal.URL_TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
    void otherMethodsAreRefused(String method) {
        assertThat(refusal(method, null, Map.of()).status()).isEqualTo(Refusal.METHOD_NOT_ALLOWED);
    }
}
