package io.janklab.workloads.app.process;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.mm.space.PageCache;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.scenario.LaunchModel;
import java.util.ArrayList;
import java.util.List;

/// The app's files on the device.
///
/// @param code apk, oat and vdex as one
/// @param libraries its native ones
public record Installed(VirtualFile code, List<VirtualFile> libraries) {
    public static Installed on(Kernel kernel, LaunchModel model) {
        PageCache files = kernel.memory().pageCache();
        RandomStream random = kernel.simulation().random("launch/cached");
        VirtualFile code = AppFiles.install(files, "base.apk", model.fileBytes(), model.cachedShare(), random);
        List<VirtualFile> libraries = new ArrayList<>();
        for (int i = 0; i < model.libraries(); i++) {
            libraries.add(AppFiles.install(files, "lib" + i + ".so", model.libraryBytes(), model.cachedShare(), random));
        }
        return new Installed(code, libraries);
    }
}
