/// A real browser, for tests of pages, here and in the modules above.
///
/// Invariant: nothing of it is needed where no browser is installed: those tests are then skipped, and say so.
package io.janklab.dashboards.browser;
