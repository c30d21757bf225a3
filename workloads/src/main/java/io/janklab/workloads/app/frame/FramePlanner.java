package io.janklab.workloads.app.frame;

import io.janklab.sim.RandomStream;
import io.janklab.sim.Simulation;
import io.janklab.workloads.app.process.Completion;
import io.janklab.workloads.device.FrameScale;
import io.janklab.workloads.scenario.Churn;
import io.janklab.workloads.scenario.Distribution;
import io.janklab.workloads.scenario.FrameModel;
import io.janklab.workloads.scenario.Scenario;

/// Draws one [FramePlan] per vsync, whether or not the app renders it: so the n-th vsync brings the same work to every kernel.
public final class FramePlanner {
    private static final double NS_PER_S = 1e9;

    private final Simulation simulation;
    private final String prefix;
    private final FrameModel model;
    private final FrameScale scale;
    private final double uiMapsPerFrame;
    private final double renderMapsPerFrame;

    /// @param prefix of the names of its streams, so that two apps draw from streams of their own
    /// @param scale the device's scaling of the scenario's frames
    public FramePlanner(Simulation simulation, String prefix, Scenario scenario, long periodNs, FrameScale scale) {
        this.scale = scale;
        this.simulation = simulation;
        this.prefix = prefix;
        this.model = scenario.frame();
        this.uiMapsPerFrame = perFrame(scenario.uiChurn(), periodNs);
        this.renderMapsPerFrame = perFrame(scenario.renderChurn(), periodNs);
    }

    private static double perFrame(Churn churn, long periodNs) {
        return churn.perS() * periodNs / NS_PER_S;
    }

    FramePlan plan(long token, long vsyncNs) {
        return new FramePlan(
                token,
                vsyncNs,
                work("frame/input", model.input()),
                work("frame/animation", model.animation()),
                work("frame/traversal", model.traversal())
                        + (long) (scale.cpuWork() * sometimes("frame/bind", model.bindProbability(), model.bind())),
                work("frame/sync", model.sync()),
                work("frame/draw", model.draw()),
                (long) (scale.gpuTime() * draw("frame/gpu", model.gpu())),
                sometimes("frame/binder", model.binderProbability(), model.binderCall()),
                random("frame/read").chance(model.readProbability()) ? model.readBytes() : 0,
                count("churn/ui", uiMapsPerFrame),
                count("churn/render", renderMapsPerFrame),
                random("java/touch").nextLong(),
                new Completion());
    }

    private RandomStream random(String stream) {
        return simulation.random(prefix.concat(stream));
    }

    private long work(String stream, Distribution distribution) {
        return (long) (scale.cpuWork() * draw(stream, distribution));
    }

    private long draw(String stream, Distribution distribution) {
        return distribution.draw(random(stream));
    }

    /// Draws an amount in every case, so that the stream does not shift with the probability.
    private long sometimes(String stream, double probability, Distribution distribution) {
        RandomStream random = random(stream);
        boolean happens = random.chance(probability);
        long amount = distribution.draw(random);
        return happens ? amount : 0;
    }

    private int count(String stream, double mean) {
        int certain = (int) mean;
        return certain + (random(stream).chance(mean - certain) ? 1 : 0);
    }
}
