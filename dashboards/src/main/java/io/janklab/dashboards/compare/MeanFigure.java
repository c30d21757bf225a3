package io.janklab.dashboards.compare;

/// The mean over seeds of one value per run, of those that are there.
///
/// @param first a value for each seed, of the first kernel; NaN where there is none
/// @param second the same of the second
/// @param scale what the mean is multiplied with: 1 for a mean, the number of seeds for a sum
record MeanFigure(double[] first, double[] second, double scale) implements PairedFigure {
    @Override
    public Shifted less(double shift) {
        double less = shift / scale;
        return swapped -> scale * (mean(swapped, true, less) - mean(swapped, false, less));
    }

    private double mean(boolean[] swapped, boolean ofSecond, double less) {
        double sum = 0;
        int count = 0;
        for (int seed = 0; seed < first.length; seed++) {
            double value = swapped[seed] == ofSecond ? first[seed] : second[seed] - less;
            if (!Double.isNaN(value)) {
                sum += value;
                count++;
            }
        }
        return sum / count;
    }
}
