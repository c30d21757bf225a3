package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.DisplayFrame;
import io.janklab.dashboards.perfetto.Fields.FrameTimelineEvent;
import io.janklab.dashboards.perfetto.Fields.Packet;
import io.janklab.dashboards.perfetto.Fields.SurfaceFrame;
import org.jspecify.annotations.Nullable;

/// SurfaceFlinger's frame timeline: each frame of the app's surface as expected and as it was, and the display frame that showed it. A
/// frame that ends late is the app's miss: no other jank is reported, and a display frame is expected as it was. Such a frame
/// is shown at least one refresh later, which SurfaceFlinger calls full jank (`SurfaceFrame::classifyJankLegacyLocked`).
///
/// The fields without which Perfetto's importer refuses a frame (`frame_timeline_event_parser.cc`, v54): of a surface frame cookie, token,
/// display_frame_token and pid; of a display frame cookie, token and pid. Surface frames come before the display frame they flow into.
final class FrameTimeline {
    private static final String ACTIVITY = "MainActivity";
    /// Far beyond the vsync ids of surface frames: SurfaceFlinger draws both from one counter, and Perfetto's `android_frames` takes all
    /// slices of the frame timeline with the same token for one frame (`android/frames/timeline.sql`).
    private static final long DISPLAY_TOKENS = 1_000_000_000_000L;

    private final PacketWriter packets;
    private long lastCookie;
    private long displayToken = DISPLAY_TOKENS;

    FrameTimeline(PacketWriter packets) {
        this.packets = packets;
    }

    /// @param now when SurfaceFlinger had composed it
    /// @param surfaceFlinger which has worked on it since it was last woken; null if there is none, and so no display frame
    void write(
            long now, TraceThread main, @Nullable TraceThread surfaceFlinger, long token, long expectedStart, long expectedEnd,
                    long actualStart, long actualEnd) {
        displayToken++;
        writeSlice(FrameTimelineEvent.EXPECTED_SURFACE_FRAME_START, frame(main, token), expectedStart, expectedEnd);
        boolean onTime = actualEnd <= expectedEnd;
        ProtoMessage actual = frame(main, token)
                .number(SurfaceFrame.PRESENT_TYPE, onTime ? SurfaceFrame.PRESENT_ON_TIME : SurfaceFrame.PRESENT_LATE)
                .number(SurfaceFrame.ON_TIME_FINISH, onTime ? 1 : 0)
                .number(SurfaceFrame.GPU_COMPOSITION, 0)
                .number(SurfaceFrame.JANK_TYPE, onTime ? SurfaceFrame.JANK_NONE : SurfaceFrame.JANK_APP_DEADLINE_MISSED)
                .number(SurfaceFrame.PREDICTION_TYPE, SurfaceFrame.PREDICTION_VALID)
                .number(SurfaceFrame.IS_BUFFER, 1)
                .number(SurfaceFrame.JANK_SEVERITY_TYPE, onTime ? SurfaceFrame.SEVERITY_NONE : SurfaceFrame.SEVERITY_FULL);
        writeSlice(FrameTimelineEvent.ACTUAL_SURFACE_FRAME_START, actual, actualStart, actualEnd);
        if (surfaceFlinger != null) {
            writeDisplayFrame(surfaceFlinger, now);
        }
    }

    private void writeDisplayFrame(TraceThread surfaceFlinger, long composed) {
        long wokenAt = surfaceFlinger.wokenAt();
        writeSlice(FrameTimelineEvent.EXPECTED_DISPLAY_FRAME_START, displayFrame(surfaceFlinger), wokenAt, composed);
        ProtoMessage actual = displayFrame(surfaceFlinger)
                .number(DisplayFrame.PRESENT_TYPE, SurfaceFrame.PRESENT_ON_TIME)
                .number(DisplayFrame.ON_TIME_FINISH, 1)
                .number(DisplayFrame.GPU_COMPOSITION, 0)
                .number(DisplayFrame.JANK_TYPE, SurfaceFrame.JANK_NONE)
                .number(DisplayFrame.PREDICTION_TYPE, SurfaceFrame.PREDICTION_VALID);
        writeSlice(FrameTimelineEvent.ACTUAL_DISPLAY_FRAME_START, actual, wokenAt, composed);
    }

    private ProtoMessage frame(TraceThread main, long token) {
        return new ProtoMessage()
                .number(SurfaceFrame.COOKIE, ++lastCookie)
                .number(SurfaceFrame.TOKEN, token)
                .number(SurfaceFrame.DISPLAY_FRAME_TOKEN, displayToken)
                .number(SurfaceFrame.PID, main.tid())
                .text(SurfaceFrame.LAYER_NAME, layerName(main));
    }

    /// `TX - package/Activity#id`, as SurfaceFlinger names an app's layer.
    private static String layerName(TraceThread main) {
        String process = main.task().processName();
        return "TX - " + process + "/" + process + "." + ACTIVITY + "#" + main.tid();
    }

    private ProtoMessage displayFrame(TraceThread surfaceFlinger) {
        return new ProtoMessage()
                .number(DisplayFrame.COOKIE, ++lastCookie)
                .number(DisplayFrame.TOKEN, displayToken)
                .number(DisplayFrame.PID, surfaceFlinger.tid());
    }

    private void writeSlice(int kind, ProtoMessage frame, long from, long to) {
        write(from, new ProtoMessage().message(kind, frame));
        write(to, new ProtoMessage().message(FrameTimelineEvent.FRAME_END, new ProtoMessage().number(SurfaceFrame.COOKIE, lastCookie)));
    }

    private void write(long now, ProtoMessage event) {
        packets.write(new ProtoMessage().number(Packet.TIMESTAMP, now).message(Packet.FRAME_TIMELINE_EVENT, event));
    }
}
