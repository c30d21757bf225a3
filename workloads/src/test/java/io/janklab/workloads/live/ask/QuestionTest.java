package io.janklab.workloads.live.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.live.http.Query;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuestionTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bound=on|janklab compare --kernels 6.12,6.17",
        "a.kernel=6.1&seeds=3|janklab compare --kernels 6.1,6.17 --seeds 3 --no-bound",
        "b.pt-reclaim=on|janklab compare --a kernel=6.12 --b kernel=6.17,pt-reclaim=on --no-bound",
        "heap.decayMs=0&device=pixel-8|janklab compare --kernels 6.12,6.17 --device pixel-8 --set heap.decayMs=0 --no-bound",
        "description=it%27s+%24HOME|janklab compare --kernels 6.12,6.17 --set 'description=it'\\''s $HOME' --no-bound",
    })
    void commandIsWhatOneWouldType(String query, String command) {
        assertThat(new Question(Query.parse(query)).command()).isEqualTo(command);
    }
}
