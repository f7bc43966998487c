import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The fixed definitions of Java modules: a module gets those that it names, and those that these
 * name. See nngen/targets/definitions.py. {@code Num} is the type of the numbers: double, or float
 * with {@code dtype: float32}.
 */
final class Runtime {
    // what modules state themselves

    static final int INPUTS = 2, OUTPUTS = 2, PARAMETERS = 1, VALIDATION_PLACES[] = {0}, BLOCK_ROWS[][] = {{0, 1, 1, -1}};
    static final String LAYOUT = "a layout";
    static final List<String> COLUMNS = List.of("x"), CLASSES = List.of("yes", "no"), MISSING = List.of("", "NA");
    static class State {
        Num[] slopes;
        State copy() { return this; }
    }
    static State initState() { return new State(); }
    static Num[] encode(Object... row) { return null; }
    static Num[] forward(Num[] params, Num[] x) { return null; }
    static Num addGradient(Num[] params, Num[] x, Num[] y, Num weight, Long seed, Num[] slopes) { return 0; }
    static Num batchGradient(Num[] params, Num[][] x, Num[][] y, Num[] weights, long[] seeds, Num[] slopes, Num[] after) { return 0; }
    static Num classWeight(Num[] y) { return 1; }
    static void checkTargets(Num[] targets) {}
    static void update(Num[] params, Num[] slopes, State state, int[] places) {}

    // what a network has

    static final boolean ALWAYS = true, CLASS_WEIGHTS = true, EXAMPLE_WEIGHTS = true, FILES = true, LAZY = true, LISTED = true, MEAN = true, MEAN_LOSS = true;
    static final boolean OWN_WEIGHT = true, SEVERAL = true, SHARES = true, STOP = true, TOGETHER = true, VALIDATION = true, WEIGHTED_MEAN = true, ENDS = false;
    static final int BATCH_SIZE = 1, EPOCHS = 1, EVERY = 1;
    static final long ORDER_SEED = 1, STOP_SEED = 1, TRAINING_SEED = 1;
    static final double LARGEST = 1e100, SHARE = 0.5, THRESHOLD = 0.5;

    // what they take

    // helpers: loss

    /** The SAYS_LOSS. */
    public static Num loss(Num[] params, Num[] x, Num[] y, Num weight /* OWN_WEIGHT */) {
        if (TOGETHER) {
            return batchGradient(params, new Num[][] {x}, new Num[][] {y}, new Num[] {OWN_WEIGHT ? weight : 1} /* EXAMPLE_WEIGHTS */, null /* DROPOUT */, new Num[PARAMETERS], null);
        }
        return addGradient(params, x, y, OWN_WEIGHT ? weight : 1 /* WEIGHED */, null /* DROPOUT */, null);
    }

    /**
     * The SAYS_SLOPES, which replaces what is in {@code slopes}.
     * <p>
     * The seed draws the units that dropout leaves out; with null it leaves out none, as in {@code forward}. // SEEDED
     */
    public static Num gradient(Num[] params, Num[] x, Num[] y, Num weight /* OWN_WEIGHT */, Long seed /* SEEDED */, Num[] slopes) {
        if (TOGETHER) {
            return batchGradient(params, new Num[][] {x}, new Num[][] {y}, new Num[] {OWN_WEIGHT ? weight : 1} /* EXAMPLE_WEIGHTS */, null /* DROPOUT */, slopes, null);
        }
        checkSize("slopes", slopes.length, PARAMETERS);
        Arrays.fill(slopes, 0);
        return addGradient(params, x, y, OWN_WEIGHT ? weight : 1 /* WEIGHED */, seed /* DROPOUT */, slopes);
    }

    // helpers: answers

    // source: answers

    // helpers: steps

    /** One step of OPTIMIZER, in place. Of embeddings it changes only the rows whose derivatives are not all 0. */
    public static void step(Num[] params, Num[] slopes, State state) { // LAZY
        checkSize("params", params.length, PARAMETERS);
        checkSize("slopes", slopes.length, PARAMETERS);
        BitSet chosen = new BitSet(PARAMETERS);
        for (int[] block : BLOCK_ROWS) {
            for (int start = block[0]; start < block[1]; start += block[2]) {
                for (int i = start; i < start + block[2]; i++) {
                    if (block[3] < 0 || slopes[i] != 0) {
                        chosen.set(start, start + block[2]);
                        break;
                    }
                }
            }
        }
        update(params, slopes, state, chosen.stream().toArray());
    }

    // helpers: training

    /** Gradient and step in one, in place; the loss is that before the step. */
    public static Num trainStep(Num[] params, Num[] x, Num[] y, Num weight /* OWN_WEIGHT */, Long seed /* DROPOUT */, State state) { // !TOGETHER
        Num loss = gradient(params, x, y, weight /* OWN_WEIGHT */, seed /* DROPOUT */, state.slopes);
        if (LAZY) {
            update(params, state.slopes, state, selected(new Num[][] {x}, new int[] {0}));
        } else {
            step(params, state.slopes, state);
        }
        return loss;
    }

    /** How {@code fit} trains; at first, it has the values of the spec. */
    public static final class Settings {
        public int epochs = EPOCHS;
        /** Null takes all examples in one step. */
        public Integer batchSize = BATCH_SIZE;
        /** Null leaves the examples in their order. */
        public Long seed = ORDER_SEED;
        /** Continues a training after the epoch of this progress; null begins one. */
        public Progress progress; // FILES
    }

    /** What a training needs to continue, besides its parameters. */
    public static final class Progress {
        /** The number of epochs. */
        public int epochs;
        public State state = initState();
        public Num measured = (Num) Double.POSITIVE_INFINITY; // STOP
        public Num best = (Num) Double.POSITIVE_INFINITY; // STOP
        public Num[] bestParams; // STOP
        public Num since; // STOP
    }

    /** What {@code fit} calls after each epoch; true ends training. */
    public interface Callback {
        boolean ends(int epoch, Num loss, Num[] params, Progress progress /* FILES */);
    }

    /**
     * Train on examples, in place, and return the loss of each epoch, measured before each step.
     * <p>
     * Each epoch takes the examples in a new random order, or as they are without a seed. After each epoch fit calls the callback, if it is not null.
     * The weights say how much each example counts; with null, all count 1. // EXAMPLE_WEIGHTS
     * The seed also draws which units dropout leaves out, for each example of each epoch. // DROPOUT
     * <p>
     * SAYS_STOP // STOP
     */
    public static Num[] fit(Num[] params, Num[][] xs, Num[][] ys, Num[] weights /* EXAMPLE_WEIGHTS */, Settings settings, Callback callback) {
        int size = settings.batchSize == null ? xs.length : settings.batchSize;
        if (xs.length == 0 || xs.length != ys.length || size < 1) {
            throw refused("xs", "as many as ys, at least 1, in batches of at least 1");
        }
        checkSize("params", params.length, PARAMETERS);
        weights = weightsOr1(weights, xs.length); // EXAMPLE_WEIGHTS
        Num[] totals = new Num[xs.length]; // WEIGHTED_MEAN
        if (WEIGHTED_MEAN) {
            for (int k = 0; k < totals.length; k++) {
                totals[k] = EXAMPLE_WEIGHTS ? CLASS_WEIGHTS ? weights[k] * classWeight(ys[k]) : weights[k] : classWeight(ys[k]);
            }
        }
        int[] kept = LISTED ? VALIDATION_PLACES : heldOut(xs.length); // VALIDATION
        int[] places = VALIDATION ? othersThan(kept, xs.length) : IntStream.range(0, xs.length).toArray();
        Progress before = settings.progress == null ? new Progress() : settings.progress; // FILES
        State state = FILES ? before.state.copy() : initState();
        Num measured = FILES ? before.measured : (Num) Double.POSITIVE_INFINITY; // STOP
        Num best = FILES ? before.best : (Num) Double.POSITIVE_INFINITY; // STOP
        Num since = FILES ? before.since : 0; // STOP
        Num[] bestParams = FILES ? (before.bestParams == null ? params : before.bestParams).clone() : params.clone(); // STOP
        Num[] slopes = new Num[PARAMETERS];
        Num[] after = new Num[PARAMETERS]; // TOGETHER
        int epoch = FILES ? before.epochs : 0;
        Num[] history = new Num[Math.max(0, FILES ? settings.epochs - epoch : settings.epochs)];
        boolean ends = false;
        while (!ends && epoch < settings.epochs) {
            if (STOP && ENDS) {
                break;
            }
            Num lossOfEpoch = 0;
            int[] order = order(places, settings.seed, epoch);
            long[] seeds = seedsOf(places, xs.length, settings.seed, epoch); // DROPOUT
            for (int start = 0; start < order.length; start += size) {
                int[] batch = Arrays.copyOfRange(order, start, Math.min(start + size, order.length));
                Num whole = WEIGHTED_MEAN ? wholeOf(picked(totals, batch)) : batch.length; // MEAN
                Num loss = trainBatch(params, xs, ys, SHARES ? totals : weights /* LEARN_WEIGHTS */, seeds /* DROPOUT */, batch, whole /* DIVIDED */, slopes, after /* TOGETHER */, state);
                lossOfEpoch += MEAN ? loss * whole : loss;
            }
            lossOfEpoch /= WEIGHTED_MEAN ? sum(VALIDATION ? picked(totals, places) : totals) : order.length; // MEAN
            if (STOP && (ALWAYS || (epoch + 1) % EVERY == 0)) {
                measured = VALIDATION ? lossOver(params, xs, ys, weights /* OWN_WEIGHT */, totals /* WEIGHTED_MEAN */, kept) : lossOfEpoch;
                since += EVERY;
                if (measured < best) {
                    best = measured;
                    since = 0;
                    System.arraycopy(params, 0, bestParams, 0, PARAMETERS);
                }
            }
            history[FILES ? epoch - before.epochs : epoch] = lossOfEpoch;
            epoch++;
            if (callback != null) {
                Progress progress = new Progress(); // FILES
                if (FILES) {
                    progress.epochs = epoch;
                    progress.state = state.copy();
                    if (STOP) {
                        progress.measured = measured;
                        progress.best = best;
                        progress.bestParams = bestParams.clone();
                        progress.since = since;
                    }
                }
                ends = callback.ends(epoch - 1, lossOfEpoch, params, progress /* FILES */);
            }
        }
        if (STOP && epoch >= EVERY) {
            System.arraycopy(bestParams, 0, params, 0, PARAMETERS);
        }
        return Arrays.copyOf(history, FILES ? epoch - before.epochs : epoch);
    }

    /** A step on the examples of a batch, in place; the loss is that before the step. */
    private static Num trainBatch(Num[] params, Num[][] xs, Num[][] ys, Num[] weights /* LEARN_WEIGHTS */, long[] seeds /* DROPOUT */, int[] batch, Num whole /* DIVIDED */, Num[] slopes, Num[] after /* TOGETHER */, State state) {
        if (TOGETHER) {
            Num loss = batchGradient(params, rowsOf(xs, batch), rowsOf(ys, batch), picked(weights, batch) /* EXAMPLE_WEIGHTS */, Arrays.stream(batch).mapToLong(k -> seeds[k]).toArray() /* DROPOUT */, slopes, after);
            System.arraycopy(after, 0, params, 0, PARAMETERS);
            step(params, slopes, state);
            return loss;
        }
        Num loss = 0;
        for (int k : batch) {
            loss += addGradient(params, xs[k], ys[k], SHARES ? weights[k] / whole : weights[k] /* WEIGHED */, seeds[k] /* DROPOUT */, slopes);
        }
        loss /= whole; // MEAN_LOSS
        if (LAZY) {
            int[] places = selected(xs, batch);
            if (MEAN_LOSS) {
                for (int i : places) {
                    slopes[i] /= whole;
                }
            }
            update(params, slopes, state, places);
            for (int i : places) {
                slopes[i] = 0;
            }
        } else {
            if (MEAN_LOSS) {
                for (int i = 0; i < PARAMETERS; i++) {
                    slopes[i] /= whole;
                }
            }
            step(params, slopes, state);
            Arrays.fill(slopes, 0);
        }
        return loss;
    }

    /** The places that have derivatives after the examples of a batch. */
    private static int[] selected(Num[][] xs, int[] batch) {
        BitSet chosen = new BitSet(PARAMETERS);
        for (int[] block : BLOCK_ROWS) {
            for (int k : batch) {
                int row = block[3] < 0 ? 0 : (int) xs[k][block[3]];
                int start = block[0] + block[2] * row;
                if (!chosen.get(start)) {
                    chosen.set(start, start + block[2]);
                }
            }
        }
        return chosen.stream().toArray();
    }

    /** The loss over examples that are kept for validation. */
    private static Num lossOver(Num[] params, Num[][] xs, Num[][] ys, Num[] weights /* OWN_WEIGHT */, Num[] totals /* WEIGHTED_MEAN */, int[] kept) {
        Num whole = wholeOf(picked(totals, kept)); // WEIGHTED_MEAN
        Num total = 0;
        for (int k : kept) {
            Num one = loss(params, xs[k], ys[k], weights[k] /* OWN_WEIGHT */);
            total += WEIGHTED_MEAN ? totals[k] / whole * one : one;
        }
        return MEAN_LOSS ? total / kept.length : total;
    }

    /** The values at some places. */
    private static Num[] picked(Num[] values, int[] places) {
        Num[] found = new Num[places.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = values[places[i]];
        }
        return found;
    }

    /** The rows at some places. */
    private static Num[][] rowsOf(Num[][] values, int[] places) {
        return Arrays.stream(places).mapToObj(k -> values[k]).toArray(Num[][]::new);
    }

    // helpers

    /** What the caller throws for a wrong argument. */
    private static IllegalArgumentException refused(String place, String expected) {
        return new IllegalArgumentException(place + ": expected " + expected);
    }

    /** Refuse an array of another size. */
    private static void checkSize(String place, int size, int expected) {
        if (size != expected) {
            throw refused(place, "an array of " + expected);
        }
    }

    /**
     * The complementary error function, 1 - erf(x): near 0 by the power series of erf (DLMF 7.6.2),
     * else by the continued fraction (DLMF 7.9.4), from its end.
     * <p>
     * exp(-x^2) has two factors, as x^2 would be rounded: h is so short that h^2 is exact.
     */
    private static double erfc(double x) {
        double u = Math.min(Math.abs(x), 30.0);
        double h = u - u % 0.0078125;
        double bell = StrictMath.exp(-h * h) * StrictMath.exp((h - u) * (h + u))
            / 1.772453850905516; // the square root of pi
        if (u < 1.0) {
            double term = 2.0 * x * bell;
            double erf = 0.0;
            for (double k = 1.0; erf + term != erf; k++) {
                erf += term;
                term *= 2.0 * x * x / (2.0 * k + 1.0);
            }
            return 1.0 - erf;
        }
        double rest = u;
        for (double k = 20.0 - Math.floor(-150.0 / (u * u)); k > 0.0; k--) {
            rest = u + k / 2.0 / rest;
        }
        return x > 0.0 ? bell / rest : 2.0 - bell / rest;
    }

    // source: numbers

    /** The sum of products, added one after the other. */
    private static Num dot(Num[] v, Num[] w) {
        Num total = 0;
        for (int i = 0; i < v.length; i++) {
            total += v[i] * w[i];
        }
        return total;
    }

    /**
     * Add to each of z the sum of products of x with a row of the matrix that begins at start; for
     * four rows at a time, since each addition waits for the one before it.
     */
    private static void addRows(Num[] z, Num[] params, int start, Num[] x) {
        int size = x.length;
        int i = 0;
        for (; i + 3 < z.length; i += 4) {
            int row = start + i * size;
            Num sum0 = 0;
            Num sum1 = 0;
            Num sum2 = 0;
            Num sum3 = 0;
            for (int j = 0; j < size; j++) {
                sum0 += params[row + j] * x[j];
                sum1 += params[row + size + j] * x[j];
                sum2 += params[row + 2 * size + j] * x[j];
                sum3 += params[row + 3 * size + j] * x[j];
            }
            z[i] += sum0;
            z[i + 1] += sum1;
            z[i + 2] += sum2;
            z[i + 3] += sum3;
        }
        for (; i < z.length; i++) {
            Num total = 0;
            for (int j = 0; j < size; j++) {
                total += params[start + i * size + j] * x[j];
            }
            z[i] += total;
        }
    }

    /** Add to each of da the sum of products of dz with a column of the matrix at start. */
    private static void addColumns(Num[] da, Num[] params, int start, Num[] dz) {
        for (int i = 0; i < dz.length; i++) {
            int row = start + i * da.length;
            Num factor = dz[i];
            for (int j = 0; j < da.length; j++) {
                da[j] += params[row + j] * factor;
            }
        }
    }

    /** Add the product of each number of dz with each of x to the matrix at start. */
    private static void addOuter(Num[] slopes, int start, Num[] dz, Num[] x) {
        for (int i = 0; i < dz.length; i++) {
            int row = start + i * x.length;
            Num factor = dz[i];
            for (int j = 0; j < x.length; j++) {
                slopes[row + j] += factor * x[j];
            }
        }
    }

    /** Add a vector to the one that begins at start. */
    private static void add(Num[] sums, int start, Num[] values) {
        for (int i = 0; i < values.length; i++) {
            sums[start + i] += values[i];
        }
    }

    /** Refuse the weight of an example that is negative or not finite. */
    private static void checkWeight(Num weight) {
        if (!(weight >= 0 && weight < 1e18)) {
            throw refused("weight", "a weight of at least 0 and less than 1e18");
        }
    }

    /** The weights of examples, or 1 for each without any. */
    private static Num[] weightsOr1(Num[] weights, int count) {
        if (weights == null) {
            Num[] ones = new Num[count];
            Arrays.fill(ones, 1);
            return ones;
        }
        if (weights.length != count) {
            throw refused("weights", "a weight for each example");
        }
        for (Num weight : weights) {
            checkWeight(weight);
        }
        return weights;
    }

    /** The sum of the weights of a batch. */
    private static Num wholeOf(Num[] weights) {
        Num total = sum(weights);
        if (!(total > 0)) {
            throw refused("weights", "weights that do not sum to 0 over a batch");
        }
        return total;
    }

    // source: random_numbers

    // source: order

    /** Values in the increasing order of their keys; those with equal keys keep their order. */
    private static int[] sortedBy(int[] values, long[] keys) {
        long[] ordered = new long[keys.length]; // the number, then the place
        for (int i = 0; i < keys.length; i++) {
            ordered[i] = (keys[i] << 31) + i;
        }
        Arrays.sort(ordered);
        int[] sorted = new int[values.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = values[(int) (ordered[i] & Integer.MAX_VALUE)];
        }
        return sorted;
    }

    /** The numbers of a text in parts, as a class file cannot hold a long one as a whole. */
    private static Num[] numbers(String... parts) {
        String[] words = String.join("", parts).split(" ");
        Num[] numbers = new Num[words.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (Num) Double.parseDouble(words[i]);
        }
        return numbers;
    }

    /** The items of a text in parts, which are separated by a mark. */
    private static List<String> texts(String mark, String... parts) {
        return List.of(String.join("", parts).split(mark, -1));
    }

    /**
     * The parameters as the text of a JSON file that the module of every target can load, exact to
     * the last bit.
     */
    public static String save(Num[] params) {
        checkSize("params", params.length, PARAMETERS);
        StringBuilder text = new StringBuilder("{\"layout\": \"" + LAYOUT + "\", \"parameters\": ");
        String sign = "[";
        for (double value : params) {
            if (Double.isInfinite(value) || Double.isNaN(value)) {
                throw refused("params", "finite parameters, not infinity or NaN");
            }
            text.append(sign).append(value);
            sign = ", ";
        }
        return text.append("]}").toString();
    }

    /** Read parameters from the text of such a file. */
    public static Num[] load(String text) {
        Num[] params = new Num[PARAMETERS];
        int count = 0;
        boolean known = false;
        Matcher rest = TOKEN.matcher(text);
        expect(rest, "{");
        String sign = ",";
        while (sign.equals(",")) {
            String name = token(rest);
            expect(rest, ":");
            if (name.equals("\"layout\"")) {
                known = token(rest).equals('"' + LAYOUT + '"');
                if (!known) {
                    throw refused("file", "the parameters of this network, not of another one");
                }
            } else if (name.equals("\"parameters\"")) {
                expect(rest, "[");
                for (String mark = ","; mark.equals(","); mark = token(rest)) {
                    if (count == PARAMETERS) {
                        throw refused("file", "as many parameters as the network has");
                    }
                    params[count] = (Num) finite(token(rest));
                    count++;
                }
            } else if (!name.equals("\"network\"") || !token(rest).startsWith("\"")) {
                throw wrongFile(); // only nngen needs to know what they were trained for
            }
            sign = token(rest);
        }
        if (!sign.equals("}") || rest.regionStart() < text.length() || !known) {
            throw wrongFile();
        }
        if (count != PARAMETERS) {
            throw refused("file", "as many parameters as the network has");
        }
        return params;
    }

    /** A sign, a text without escapes, or a number of JSON. */
    private static final Pattern TOKEN = Pattern.compile(
        "[ \\t\\n\\r]*([{}\\[\\]:,]|\"[^\"\\\\]*+\"|-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?+"
            + "(?:[eE][+-]?[0-9]++)?+)[ \\t\\n\\r]*");

    /** The next sign, text or number of a file. */
    private static String token(Matcher rest) {
        if (!rest.lookingAt()) {
            throw wrongFile();
        }
        String token = rest.group(1);
        rest.region(rest.end(), rest.regionEnd());
        return token;
    }

    /** Refuse a file that goes on with something else. */
    private static void expect(Matcher rest, String sign) {
        if (!token(rest).equals(sign)) {
            throw wrongFile();
        }
    }

    /** The number of a token. */
    private static double finite(String token) {
        double number = token.matches("-?[0-9].*") ? Double.parseDouble(token) : Double.NaN;
        if (Double.isInfinite(number) || Double.isNaN(number)) {
            throw wrongFile();
        }
        return number;
    }

    private static IllegalArgumentException wrongFile() {
        return refused("file", "a file of save, complete, with a layout and finite parameters");
    }

    /** A text without what does not count around it. */
    private static String bare(String text) {
        int start = 0;
        int stop = text.length();
        while (start < stop && " \t\n\013\f\r".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        while (start < stop && " \t\n\013\f\r".indexOf(text.charAt(stop - 1)) >= 0) {
            stop--;
        }
        return text.substring(start, stop);
    }

    // source: cells

    /** The number of a text such as -012.5e3; NaN if it is none: parseDouble takes more. */
    private static double parsed(String text) {
        return NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    }

    /** A number as text. */
    private static final Pattern NUMBER =
        Pattern.compile("[+-]?(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?+");

    // source: categories

    // source: spellings

    /** The texts that stand for a number, as Python writes it; none if a cell has no finite one. */
    private static String[] numberTexts(Object cell) {
        if (cell instanceof Long || cell instanceof BigInteger) {
            return new String[] {cell.toString(), cell + ".0"};
        }
        if (!(cell instanceof Number) || Double.isInfinite(((Number) cell).doubleValue())) {
            return new String[] {};
        }
        double number = ((Number) cell).doubleValue();
        if (number % 1.0 == 0.0) {
            String text = new BigDecimal(number).toBigInteger().toString();
            return new String[] {text, text + ".0"};
        }
        return new String[] {shortest(number)};
    }

    /** The shortest text that reads back as this number, which is not whole. */
    private static String shortest(double number) {
        int precision = 1;
        BigDecimal rounded = new BigDecimal(number, new MathContext(precision));
        while (rounded.doubleValue() != number) {
            precision++;
            rounded = new BigDecimal(number, new MathContext(precision));
        }
        if (Math.abs(number) >= 1e-4) {
            return rounded.toPlainString();
        }
        int power = rounded.scale() - rounded.precision() + 1;
        String digits = rounded.scaleByPowerOfTen(power).toPlainString();
        return digits + (power < 10 ? "e-0" : "e-") + power;
    }

    /** How people write the numbers of a column. */
    private static final class Style {
        final String thousands;
        final String decimal;
        final String prefix;
        final String suffix;
        final String minus;
        final List<String> missing;

        Style(
            String thousands,
            String decimal,
            String prefix,
            String suffix,
            String minus,
            List<String> missing
        ) {
            this.thousands = thousands;
            this.decimal = decimal;
            this.prefix = prefix;
            this.suffix = suffix;
            this.minus = minus;
            this.missing = missing;
        }
    }

    // source: styled_cells

    // source: number_styles

    // source: texts

    // source: dates
}
