package io.janklab.workloads;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import io.janklab.workloads.cli.common.Output;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The house's arrows, checked from the module that sees all of it.
final class ArchitectureTest {
    private static final JavaClasses HOUSE = MainClasses.ALL;

    /// By their simple names: what a job works with.
    private static final Set<String> WORK = Set.of(
            "OutputFolder", "ProgressLine", "Farewell", "Unfinished", "AtomicFile", "Files", "LocalRunner", "OnEveryCore", "Explorer");

    @Test
    void moduleArrowsPointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("workloads").definedBy("io.janklab.workloads..")
                .layer("allocator").definedBy("io.janklab.allocator..")
                .layer("dashboards").definedBy("io.janklab.dashboards..")
                .layer("explore").definedBy("io.janklab.explore..")
                .layer("kernel").definedBy("io.janklab.kernel..")
                .layer("sim").definedBy("io.janklab.sim..")
                .whereLayer("workloads").mayNotBeAccessedByAnyLayer()
                .whereLayer("allocator").mayOnlyBeAccessedByLayers("workloads")
                .whereLayer("dashboards").mayOnlyBeAccessedByLayers("workloads")
                .whereLayer("explore").mayOnlyBeAccessedByLayers("workloads")
                .whereLayer("sim").mayOnlyBeAccessedByLayers("kernel", "explore", "allocator", "workloads")
                .check(HOUSE);
    }

    /// What is explored, and one run of it, know nothing of how schedules are chosen.
    @Test
    void arrowsOfTheExplorerPointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("pairs").definedBy("io.janklab.explore.pairs")
                .layer("search").definedBy("io.janklab.explore.search")
                .layer("text").definedBy("io.janklab.explore.text")
                .layer("explore").definedBy("io.janklab.explore")
                .whereLayer("pairs").mayNotBeAccessedByAnyLayer()
                .whereLayer("search").mayOnlyAccessLayers("explore")
                .whereLayer("text").mayOnlyAccessLayers("explore")
                .whereLayer("explore").mayNotAccessAnyLayer()
                .check(HOUSE);
    }

    @Test
    void hostArrowsPointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("contend").definedBy("io.janklab.workloads.host.contend")
                .layer("calibrate").definedBy("io.janklab.workloads.host.calibrate")
                .layer("measure").definedBy("io.janklab.workloads.host.measure")
                .layer("record").definedBy("io.janklab.workloads.host.record")
                .layer("conform").definedBy("io.janklab.workloads.host.conform")
                .layer("probe").definedBy("io.janklab.workloads.host.probe")
                .layer("space").definedBy("io.janklab.workloads.host.space")
                .layer("program").definedBy("io.janklab.workloads.host.program")
                .layer("sys").definedBy("io.janklab.workloads.host.sys")
                .whereLayer("contend").mayNotBeAccessedByAnyLayer()
                .whereLayer("record").mayNotBeAccessedByAnyLayer()
                .whereLayer("conform").mayOnlyBeAccessedByLayers("record")
                .whereLayer("probe").mayOnlyBeAccessedByLayers("record", "conform")
                .whereLayer("space").mayOnlyBeAccessedByLayers("record", "conform", "probe")
                .whereLayer("calibrate").mayOnlyBeAccessedByLayers("contend")
                .whereLayer("measure").mayOnlyBeAccessedByLayers("calibrate", "contend")
                .whereLayer("program").mayOnlyBeAccessedByLayers("record", "conform", "probe", "space", "contend")
                .check(HOUSE);
    }

    /// A phone runs an app; an app is made of what its process, Binder and its frames are.
    @Test
    void arrowsOfThePhonePointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("phone").definedBy("io.janklab.workloads.phone")
                .layer("app").definedBy("io.janklab.workloads.app")
                .layer("frame").definedBy("io.janklab.workloads.app.frame")
                .layer("binder").definedBy("io.janklab.workloads.app.binder")
                .layer("process").definedBy("io.janklab.workloads.app.process")
                .whereLayer("phone").mayNotBeAccessedByAnyLayer()
                .whereLayer("app").mayOnlyAccessLayers("frame", "binder", "process")
                .whereLayer("frame").mayOnlyAccessLayers("process")
                .whereLayer("binder").mayOnlyAccessLayers("process")
                .whereLayer("process").mayNotAccessAnyLayer()
                .check(HOUSE);
    }

    /// The command line judges what a page asks; the page knows it as an interface.
    @Test
    void arrowsOfTheLivePagePointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("cli").definedBy("io.janklab.workloads.cli..")
                .layer("live").definedBy("io.janklab.workloads.live")
                .layer("compute").definedBy("io.janklab.workloads.live.compute")
                .layer("ask").definedBy("io.janklab.workloads.live.ask")
                .layer("litmus").definedBy("io.janklab.workloads.live.litmus")
                .layer("http").definedBy("io.janklab.workloads.live.http")
                .whereLayer("cli").mayNotBeAccessedByAnyLayer()
                .whereLayer("live").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("compute").mayOnlyAccessLayers("ask")
                .whereLayer("ask").mayNotAccessAnyLayer()
                .whereLayer("litmus").mayNotAccessAnyLayer()
                .whereLayer("http").mayNotAccessAnyLayer()
                .check(HOUSE);
    }

    @Test
    void arrowsOfTheCommandLinePointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("main").definedBy("io.janklab.workloads.cli")
                .layer("live").definedBy("io.janklab.workloads.cli.live")
                .layer("host").definedBy("io.janklab.workloads.cli.host")
                .layer("explore").definedBy("io.janklab.workloads.cli.explore")
                .layer("replay").definedBy("io.janklab.workloads.cli.replay")
                .layer("whatif").definedBy("io.janklab.workloads.cli.whatif")
                .layer("sweep").definedBy("io.janklab.workloads.cli.sweep")
                .layer("recording").definedBy("io.janklab.workloads.cli.recording")
                .layer("run").definedBy("io.janklab.workloads.cli.run")
                .layer("plan").definedBy("io.janklab.workloads.cli.plan")
                .layer("common").definedBy("io.janklab.workloads.cli.common")
                .whereLayer("main").mayNotBeAccessedByAnyLayer()
                .whereLayer("live").mayOnlyAccessLayers("explore", "run", "plan", "common")
                .whereLayer("host").mayOnlyAccessLayers("explore", "common")
                .whereLayer("explore").mayOnlyAccessLayers("common")
                .whereLayer("replay").mayOnlyAccessLayers("run", "plan", "common")
                .whereLayer("whatif").mayOnlyAccessLayers("run", "plan", "common")
                .whereLayer("sweep").mayOnlyAccessLayers("plan", "common")
                .whereLayer("recording").mayOnlyAccessLayers("common")
                .whereLayer("run").mayOnlyAccessLayers("plan", "common")
                .whereLayer("plan").mayOnlyAccessLayers("common")
                .whereLayer("common").mayNotAccessAnyLayer()
                .check(HOUSE);
    }

    /// A job works from what was read of the options, not from fields that picocli fills.
    @Test
    void jobsAndPlansOfTheCommandLineKnowNoOptions() {
        noClasses()
                .that().resideInAPackage("io.janklab.workloads.cli..")
                .and().haveSimpleNameEndingWith("Job").or().haveSimpleNameEndingWith("Plan").or().haveSimpleNameEndingWith("Task")
                .or().haveSimpleNameEndingWith("Output")
                .should().dependOnClassesThat().resideInAPackage("picocli..")
                .orShould().dependOnClassesThat(DescribedPredicate.describe("take options", ArchitectureTest::takesOptions))
                .check(HOUSE);
    }

    /// A command has options and makes a plan of them. A job shows progress, writes files, does things twice and measures how long they
    /// take.
    @Test
    void commandsLeaveTheWorkToJobs() {
        DescribedPredicate<JavaClass> commands = DescribedPredicate.describe("are commands", ArchitectureTest::isCommand);
        classes().that(commands).should().dependOnClassesThat().haveSimpleNameEndingWith("Job").check(HOUSE);
        noClasses().that(commands)
                .should().dependOnClassesThat(DescribedPredicate.describe("do a job's work", each ->
                        WORK.contains(each.getSimpleName()) || each.getPackageName().startsWith("java.io")))
                .orShould().callMethod(System.class, "nanoTime")
                .orShould().callMethod(Output.class, "verify", List.class, Supplier.class)
                .check(HOUSE);
        fields().that().areDeclaredInClassesThat(commands).and().areNotStatic()
                .should().beAnnotatedWith(DescribedPredicate.describe("of picocli", (JavaAnnotation<?> one) -> isPicocli(one)))
                .check(HOUSE);
    }

    /// Except the two that are about the command line itself.
    private static boolean isCommand(JavaClass each) {
        return each.isAnnotatedWith(CommandLine.Command.class) && !Set.of("Main", "CompletionCommand").contains(each.getSimpleName());
    }

    private static boolean isPicocli(JavaAnnotation<?> annotation) {
        return annotation.getRawType().getPackageName().equals("picocli");
    }

    private static boolean takesOptions(JavaClass each) {
        return each.getFields().stream().flatMap(field -> field.getAnnotations().stream())
                .anyMatch(ArchitectureTest::isPicocli);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.janklab.(**)").should().beFreeOfCycles().check(HOUSE);
    }

    /// The table of `kernel.mm`'s package documentation.
    @Test
    void arrowsInsideMmPointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("mm").definedBy("io.janklab.kernel.mm")
                .layer("page").definedBy("io.janklab.kernel.mm.page")
                .layer("table").definedBy("io.janklab.kernel.mm.table")
                .layer("space").definedBy("io.janklab.kernel.mm.space")
                .layer("reclaim").definedBy("io.janklab.kernel.mm.reclaim")
                .layer("edit").definedBy("io.janklab.kernel.mm.edit")
                .layer("fault").definedBy("io.janklab.kernel.mm.fault")
                .layer("huge").definedBy("io.janklab.kernel.mm.huge")
                .layer("uffd").definedBy("io.janklab.kernel.mm.uffd")
                .layer("map").definedBy("io.janklab.kernel.mm.map")
                .layer("advise").definedBy("io.janklab.kernel.mm.advise")
                .layer("proc").definedBy("io.janklab.kernel.mm.proc")
                .layer("binder").definedBy("io.janklab.kernel.mm.binder")
                .whereLayer("page").mayNotAccessAnyLayer()
                .whereLayer("table").mayOnlyAccessLayers("page")
                .whereLayer("space").mayOnlyAccessLayers("table", "page")
                .whereLayer("reclaim").mayOnlyAccessLayers("space", "table", "page")
                .whereLayer("edit").mayOnlyAccessLayers("space", "table", "page")
                .whereLayer("fault").mayOnlyAccessLayers("edit", "space", "table", "page")
                .whereLayer("huge").mayOnlyAccessLayers("fault", "space", "table", "page")
                .whereLayer("uffd").mayOnlyAccessLayers("fault", "edit", "space", "table", "page")
                .whereLayer("map").mayOnlyAccessLayers("fault", "edit", "space", "table", "page")
                .whereLayer("advise").mayOnlyAccessLayers("map", "huge", "fault", "reclaim", "edit", "space", "table", "page")
                .whereLayer("proc").mayOnlyAccessLayers("fault", "space", "table", "page")
                .whereLayer("binder").mayOnlyAccessLayers("space", "table", "page")
                .whereLayer("mm").mayNotBeAccessedByAnyLayer()
                .check(HOUSE);
    }

    /// What works on address spaces is seen by the rest of the house through `kernel.mm` alone; their state is read by many.
    @Test
    void partsOfMmThatDoThingsAreSeenFromOutsideThroughItsRootAlone() {
        noClasses()
                .that().resideOutsideOfPackage("io.janklab.kernel..")
                .should().dependOnClassesThat()
                .resideInAnyPackage(
                        "..kernel.mm.reclaim", "..kernel.mm.edit", "..kernel.mm.fault", "..kernel.mm.huge", "..kernel.mm.uffd",
                                "..kernel.mm.map",
                        "..kernel.mm.advise", "..kernel.mm.proc", "..kernel.mm.binder")
                .check(HOUSE);
    }

    @Test
    void onlyTheCoroutineTouchesTheJdksInternals() {
        noClasses()
                .that().haveNameNotMatching("io\\.janklab\\.sim\\.Coroutine(\\$.*)?")
                .should().dependOnClassesThat().resideInAnyPackage("jdk.internal..", "sun..")
                .check(HOUSE);
    }

    @Test
    void allocatorKnowsOnlyTheSyscallSurface() {
        classes()
                .that().resideInAPackage("io.janklab.allocator..")
                .and().resideOutsideOfPackage("io.janklab.allocator.netty")
                .should().onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "org.jspecify.annotations", "io.janklab.allocator..", "io.janklab.kernel.syscall",
                        "io.janklab.kernel.uapi", "io.janklab.kernel.cpu", "io.janklab.kernel.trace", "io.janklab.kernel.config",
                        "io.janklab.sim")
                .check(HOUSE);
    }

    @Test
    void simulatedCodeUsesNoHostThreadsOrClocks() {
        noClasses()
                .that().resideInAnyPackage("io.janklab.sim..", "io.janklab.kernel..", "io.janklab.allocator..",
                "io.janklab.workloads.app..", "io.janklab.workloads.phone")
                // The seam between host threads and a simulation.
                .and().resideOutsideOfPackage("io.janklab.allocator.netty")
                .should().dependOnClassesThat().resideInAnyPackage("java.util.concurrent..", "java.time..")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.lang.ThreadLocal")
                .orShould().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .check(HOUSE);
    }

    @Test
    void simulatedCodeUsesOnlyBitForBitMathematics() {
        noClasses()
                .that().resideInAnyPackage("io.janklab.sim..", "io.janklab.kernel..", "io.janklab.allocator..",
                "io.janklab.workloads.app..", "io.janklab.workloads.phone")
                .should().callMethod(Math.class, "log", double.class)
                .orShould().callMethod(Math.class, "exp", double.class)
                .orShould().callMethod(Math.class, "pow", double.class, double.class)
                .orShould().callMethod(Math.class, "sin", double.class)
                .orShould().callMethod(Math.class, "cos", double.class)
                .check(HOUSE);
    }
}
