/**
 * The fixed definitions of Java modules: a module gets those that it names, and those that these
 * name. See nngen/targets/definitions.py. {@code Num} is the type of the numbers: double, or float
 * with {@code dtype: float32}.
 */
final class Runtime {
    // what they take

    /** Derivatives of 0, in the place that a state has for them. */
    private static Num[] noSlopes(State state) {
        Arrays.fill(state.slopes, 0);
        return state.slopes;
    }

    /** Numbers of 32 bits. */
    private static Num[] narrow(double[] values) {
        Num[] found = new Num[values.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = (Num) values[i];
        }
        return found;
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

    // source: saving

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

    /** The number of a text such as -012.5e3; NaN if it is none: parseDouble takes more. */
    private static double parsed(String text) {
        return NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    }

    /** A number as text. */
    private static final Pattern NUMBER =
        Pattern.compile("[+-]?(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?+");

    /** The texts that stand for a number, as Python writes it; none if a cell has no finite one. */
    private static String[] numberTexts(Object cell) {
        if (cell instanceof Long || cell instanceof BigInteger) {
            return new String[] {cell.toString(), cell + ".0"};
        }
        if (!(cell instanceof Number) || !Double.isFinite(((Number) cell).doubleValue())) {
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
}
