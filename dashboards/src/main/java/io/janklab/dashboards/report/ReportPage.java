package io.janklab.dashboards.report;

import io.janklab.dashboards.compare.Experiment;

/// The parts of the page, from the headline down.
final class ReportPage {
    private final Experiment experiment;
    private final Html html = new Html();

    ReportPage(Experiment experiment) {
        this.experiment = experiment;
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">");
        html.element("title", "Janklab: " + Headline.subject(experiment));
        html.raw("</head>\n<body>\n");
        html.element("h1", Headline.sentence(experiment));
        html.raw("</body>\n</html>\n");
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
