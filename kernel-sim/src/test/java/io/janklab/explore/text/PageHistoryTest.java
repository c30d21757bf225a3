package io.janklab.explore.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageHistoryTest {
    private final PageHistory page = new PageHistory();

    private void store(long value) {
        page.end(page.store(value));
    }

    private boolean allowsNow(long value) {
        return page.allows(value, page.tick());
    }

    @Test
    void aLoadSeesTheLastStore() {
        store(1);
        store(2);
        assertThat(allowsNow(2)).isTrue();
        assertThat(allowsNow(1)).isFalse();
        assertThat(allowsNow(0)).isFalse();
    }

    @Test
    void aLoadMaySeeAStoreThatIsUnderWayOrNot() {
        store(1);
        page.store(2);
        assertThat(allowsNow(1)).isTrue();
        assertThat(allowsNow(2)).isTrue();
    }

    @Test
    void freedMemoryIsOldOrZeroUntilTheNextStore() {
        store(1);
        page.end(page.mayDiscard());
        assertThat(allowsNow(1)).isTrue();
        assertThat(allowsNow(0)).isTrue();
        store(2);
        assertThat(allowsNow(0)).isFalse();
    }

    @Test
    void aStoreDuringADiscardMayBeLost() {
        store(1);
        PageHistory.Change discard = page.discard();
        store(2);
        page.end(discard);
        assertThat(allowsNow(0)).isTrue();
        assertThat(allowsNow(2)).isTrue();
        assertThat(allowsNow(1)).isFalse();
    }
}
