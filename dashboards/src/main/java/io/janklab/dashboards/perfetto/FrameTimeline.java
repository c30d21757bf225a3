package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.FrameTimelineEvent;
import io.janklab.dashboards.perfetto.Fields.Packet;
import io.janklab.dashboards.perfetto.Fields.SurfaceFrame;

/// SurfaceFlinger's frame timeline of the app's surface: each frame as expected and as it was. A frame that ends late is the app's miss:
/// no other jank is simulated. SurfaceFlinger's own display frames are not told.
final class FrameTimeline {
    private final PacketWriter packets;
    private long lastCookie;

    FrameTimeline(PacketWriter packets) {
        this.packets = packets;
    }

    void write(TraceThread main, long token, long expectedStart, long expectedEnd, long actualStart, long actualEnd) {
        writeSlice(FrameTimelineEvent.EXPECTED_SURFACE_FRAME_START, frame(main, token), expectedStart, expectedEnd);
        boolean onTime = actualEnd <= expectedEnd;
        ProtoMessage actual = frame(main, token)
                .number(SurfaceFrame.PRESENT_TYPE, onTime ? SurfaceFrame.PRESENT_ON_TIME : SurfaceFrame.PRESENT_LATE)
                .number(SurfaceFrame.ON_TIME_FINISH, onTime ? 1 : 0)
                .number(SurfaceFrame.GPU_COMPOSITION, 0)
                .number(SurfaceFrame.JANK_TYPE, onTime ? SurfaceFrame.JANK_NONE : SurfaceFrame.JANK_APP_DEADLINE_MISSED)
                .number(SurfaceFrame.PREDICTION_TYPE, SurfaceFrame.PREDICTION_VALID)
                .number(SurfaceFrame.IS_BUFFER, 1);
        writeSlice(FrameTimelineEvent.ACTUAL_SURFACE_FRAME_START, actual, actualStart, actualEnd);
    }

    private ProtoMessage frame(TraceThread main, long token) {
        return new ProtoMessage()
                .number(SurfaceFrame.COOKIE, ++lastCookie)
                .number(SurfaceFrame.TOKEN, token)
                .number(SurfaceFrame.PID, main.tid())
                .text(SurfaceFrame.LAYER_NAME, main.task().processName());
    }

    private void writeSlice(int kind, ProtoMessage frame, long from, long to) {
        write(from, new ProtoMessage().message(kind, frame));
        write(to, new ProtoMessage().message(FrameTimelineEvent.FRAME_END, new ProtoMessage().number(SurfaceFrame.COOKIE, lastCookie)));
    }

    private void write(long now, ProtoMessage event) {
        packets.write(new ProtoMessage().number(Packet.TIMESTAMP, now).message(Packet.FRAME_TIMELINE_EVENT, event));
    }
}
