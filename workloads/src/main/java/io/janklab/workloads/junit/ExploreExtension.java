package io.janklab.workloads.junit;

import io.janklab.explore.Strategy;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.input.KernelHint;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/// Provides the exploration that an [Explore] asks for.
final class ExploreExtension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Exploration.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        Explore asked = AnnotationSupport.findAnnotation(test.getRequiredTestMethod(), Explore.class).orElseThrow();
        try {
            Architecture architecture = architecture(asked);
            return new Exploration(kernel(asked, architecture), architecture, Strategy.parse(asked.strategy()), asked.schedules(),
                    asked.seed());
        } catch (IllegalArgumentException e) {
            throw new ParameterResolutionException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Architecture architecture(Explore asked) {
        return switch (asked.arch()) {
            case "arm64" -> Architecture.ARM64;
            case "x86-64" -> Architecture.X86_64;
            default -> throw new ParameterResolutionException("arch is arm64 or x86-64, not '" + asked.arch() + "'");
        };
    }

    private static KernelProfile kernel(Explore asked, Architecture architecture) {
        KernelVersion version = KernelVersion.byLabel(asked.kernel());
        if (version == null) {
            throw new ParameterResolutionException("there is no kernel '" + asked.kernel() + "'" + KernelHint.of(asked.kernel()));
        }
        KernelProfile kernel = KernelProfile.of(version, architecture);
        for (String change : asked.set()) {
            String[] keyAndValue = change.split("=", 2);
            Switch key = Switch.byKey(keyAndValue[0]);
            if (key == null || keyAndValue.length < 2) {
                throw new ParameterResolutionException("set looks like SWITCH=VALUE, not '" + change + "'");
            }
            kernel = kernel.with(key, keyAndValue[1]);
        }
        return kernel;
    }
}
