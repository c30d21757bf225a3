package io.janklab.dashboards;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private final JavaClasses dashboards =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.janklab.dashboards");

    @Test
    void dashboardsKnowOnlyTheTracepointsOfTheKernel() {
        classes()
                .that()
                .resideInAPackage("io.janklab.dashboards..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.janklab.dashboards..",
                        "io.janklab.kernel.trace",
                        "java..", "org.jspecify.annotations",
                        "com.sun.net.httpserver..",
                        "org.HdrHistogram..",
                        "org.apache.commons.math3..",
                        "io.micrometer..",
                        "io.opentelemetry.proto..",
                        "com.google.protobuf..",
                        "io.prometheus..",
                        "tools.jackson..")
                .check(dashboards);
    }

    @Test
    void measuringKnowsNothingOfWhatIsMadeOfIt() {
        noClasses()
                .that()
                .resideInAPackage("..dashboards.measure..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..dashboards.compare", "..dashboards.metrics", "..dashboards.report..")
                .check(dashboards);
    }

    /// The table of `dashboards.measure`'s package documentation.
    @Test
    void arrowsInsideMeasurePointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("measure").definedBy("io.janklab.dashboards.measure")
                .layer("frame").definedBy("io.janklab.dashboards.measure.frame")
                .layer("chain").definedBy("io.janklab.dashboards.measure.chain")
                .layer("mirror").definedBy("io.janklab.dashboards.measure.mirror")
                .layer("span").definedBy("io.janklab.dashboards.measure.span")
                .layer("tally").definedBy("io.janklab.dashboards.measure.tally")
                .layer("result").definedBy("io.janklab.dashboards.measure.result")
                .whereLayer("measure").mayNotBeAccessedByAnyLayer()
                .whereLayer("frame").mayOnlyAccessLayers("chain", "mirror", "span", "tally", "result")
                .whereLayer("chain").mayOnlyAccessLayers("mirror", "span", "tally", "result")
                .whereLayer("mirror").mayOnlyAccessLayers("span", "tally", "result")
                .whereLayer("span").mayOnlyAccessLayers("tally", "result")
                .whereLayer("tally").mayOnlyAccessLayers("result")
                .whereLayer("result").mayNotAccessAnyLayer()
                .check(dashboards);
    }

    /// How a run is measured is seen through the recorder; what was measured, and what meters read live, by all.
    @Test
    void partsOfTheMeasurementAreSeenFromOutsideThroughTheRecorderAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..dashboards.measure..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..measure.frame", "..measure.chain", "..measure.mirror", "..measure.span")
                .check(dashboards);
    }

    @Test
    void comparingKnowsNothingOfReports() {
        noClasses()
                .that()
                .resideInAPackage("..dashboards.compare")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..dashboards.metrics", "..dashboards.report..")
                .check(dashboards);
    }

    @Test
    void aPageMayUseTheTerminalsWordsAndNothingElseCrossesReports() {
        noClasses()
                .that()
                .resideInAnyPackage("..dashboards.report.text", "..dashboards.report.json")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..dashboards.report.html")
                .check(dashboards);
        noClasses()
                .that()
                .resideInAnyPackage("..dashboards.report.text", "..dashboards.report.html")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..dashboards.report.json")
                .check(dashboards);
        noClasses()
                .that()
                .resideInAPackage("..dashboards.report.json")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..dashboards.report.text")
                .check(dashboards);
    }
}
