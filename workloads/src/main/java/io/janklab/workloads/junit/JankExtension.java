package io.janklab.workloads.junit;

import io.janklab.workloads.api.Jank;
import io.janklab.workloads.api.Janklab;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/// Runs what a [JankTest] asks for.
final class JankExtension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Jank.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return asked(AnnotationSupport.findAnnotation(test.getRequiredTestMethod(), JankTest.class).orElseThrow()).run();
    }

    private static Janklab asked(JankTest test) {
        Janklab run = Janklab.scenario(test.scenario()).on(test.device()).kernel(test.kernel()).seeds(test.seeds()).seconds(test.seconds());
        for (String change : test.set()) {
            String[] keyAndValue = change.split("=", 2);
            if (keyAndValue.length < 2) {
                throw new ParameterResolutionException("set looks like KEY=VALUE, not '" + change + "'");
            }
            run = run.with(keyAndValue[0], keyAndValue[1]);
        }
        return run;
    }
}
