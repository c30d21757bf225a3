package io.janklab.workloads.live.http;

/// Why a request is not answered.
///
/// @param status of HTTP
/// @param sentence for the sender
public record Refusal(int status, String sentence) {
    public static final int BAD_REQUEST = 400;
    public static final int FORBIDDEN = 403;
    public static final int NOT_FOUND = 404;
    public static final int METHOD_NOT_ALLOWED = 405;
    public static final int TOO_LARGE = 413;
    public static final int URL_TOO_LONG = 414;
    public static final int INTERNAL_FAILURE = 500;
    public static final int BUSY = 503;
}
