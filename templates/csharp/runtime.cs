// The fixed members of the classes of C#: a module gets those that it names, and those that these
// name, within its class. See nngen/targets/definitions.py.
//
// `Num` is the type of the numbers: double, or float with `dtype: float32`.

public static class Runtime
{

// what they take

/// <summary>Refuse parameters and numbers of an example of another size.</summary>
private static void CheckExample(Num[] parameters, Num[] x, Num[] y)
{
    CheckSize(parameters, Parameters, "parameters");
    CheckSize(x, Inputs, "x");
    CheckSize(y, Outputs, "y");
}

/// <summary>Derivatives of 0, in the place that a state has for them.</summary>
private static Num[] NoSlopes(State state)
{
    state.Slopes = state.Slopes ?? new Num[Parameters];
    Array.Clear(state.Slopes, 0, Parameters);
    return state.Slopes;
}

/// <summary>Refuse examples of other sizes, or not as many as their targets.</summary>
private static void CheckExamples(
    Num[] parameters,
    IReadOnlyList<Num[]> xs,
    IReadOnlyList<Num[]> ys)
{
    CheckSize(parameters, Parameters, "parameters");
    if (xs == null || ys == null || xs.Count == 0 || xs.Count != ys.Count)
    {
        throw Refused("xs", "as many as ys, at least 1");
    }
    for (int k = 0; k < xs.Count; k++)
    {
        CheckSize(xs[k], Inputs, "xs");
        CheckSize(ys[k], Outputs, "ys");
    }
}

/// <summary>What is wrong with an argument, a column of a row, or a file.</summary>
private static ArgumentException Refused(string place, string expected) =>
    new ArgumentException("expected " + expected, place);

/// <summary>Refuse an array of another size.</summary>
private static void CheckSize(Num[] values, int size, string name)
{
    if (values == null || values.Length != size)
    {
        throw Refused(name, "an array of " + size + " numbers");
    }
}

/// <summary>x to the power of y.</summary>
private static Num Power(Num x, Num y) => (Num)Math.Pow(x, y);

/// <summary>e to the power of x, minus 1, exact for small x too.</summary>
private static Num Expm1(Num x)
{
    double u = Math.Exp(x), e = u - 1;
    if (Math.Abs(x) < 1)
    {
        e += u * (x - Math.Log(u)); // what rounding has left out of u
    }
    return (Num)e;
}

/// <summary>log(1 + x), exact for small x too.</summary>
private static Num Log1p(Num x)
{
    double u = 1.0 + x, log = Math.Log(u);
    if (u > 0 && u <= double.MaxValue)
    {
        log += (x - (u - 1)) / u; // what rounding has left out of u
    }
    return (Num)log;
}

/// <summary>Some of the values.</summary>
private static T[] Part<T>(T[] values, int start, int count)
{
    T[] part = new T[count];
    Array.Copy(values, start, part, 0, count);
    return part;
}

/// <summary>Zeros for each example of a batch and each unit.</summary>
private static Num[][] Rows(int count, int units) =>
    Array.ConvertAll(new Num[count][], _ => new Num[units]);

/// <summary>
/// Values in the increasing order of their keys; those with equal keys keep their order.
/// </summary>
private static int[] SortedBy(int[] values, uint[] keys)
{
    int[] places = Places(keys.Length);
    ulong[] ordered = Array.ConvertAll(places, i => ((ulong)keys[i] << 32) + (uint)i);
    Array.Sort(ordered, places);
    return Array.ConvertAll(places, i => values[i]);
}

/// <summary>The places up to a count, or those for which a condition holds.</summary>
private static int[] Places(int count, Predicate<int> holds = null)
{
    int[] all = new int[count];
    for (int i = 0; i < count; i++)
    {
        all[i] = i;
    }
    return holds == null ? all : Array.FindAll(all, holds);
}

/// <summary>The same number for all parameters, or for all examples.</summary>
private static Num[] Filled(Num value, int count) =>
    Array.ConvertAll(new Num[count], _ => value);

/// <summary>
/// The parameters as the text of a JSON file that the module of every target can load,
/// exact to the last bit.
/// </summary>
public static string Save(Num[] parameters)
{
    CheckSize(parameters, Parameters, "parameters");
    if (!Array.TrueForAll(parameters, value => Math.Abs(value) <= Num.MaxValue))
    {
        throw Refused("parameters", "finite parameters, not infinity or NaN");
    }
    string[] numbers = Array.ConvertAll(parameters, value => Shortest(value));
    return $"{{\"layout\": \"{Layout}\", \"parameters\": [{string.Join(", ", numbers)}]}}";
}

/// <summary>The shortest text that reads back as this number.</summary>
private static string Shortest(double value)
{
    string sign = value < 0 || 1 / value < 0 ? "-" : "";
    if (value == 0)
    {
        return sign + "0.0";
    }
    CultureInfo culture = CultureInfo.InvariantCulture;
    double size = Math.Abs(value);
    string[] parts = size.ToString("E16", culture).Split('E');
    long all = long.Parse(parts[0].Remove(1, 1), culture);
    int power = int.Parse(parts[1], culture) - 16;
    string digits = all.ToString(culture);
    for (int length = size < 1e-300 ? 1 : 15; length < 17; length++)
    {
        long unit = (long)Math.Round(Math.Pow(10, 17 - length));
        long low = all / unit * unit, high = low + unit;
        string near = (all - low < high - all ? low : high).ToString(culture);
        string far = (all - low < high - all ? high : low).ToString(culture);
        if (Nearest(near, power) == size || Nearest(far, power) == size)
        {
            digits = Nearest(near, power) == size ? near : far;
            break;
        }
    }
    int point = digits.Length + power;
    digits = digits.TrimEnd('0');
    if (point > 21 || point < -3)
    {
        digits = digits.Length > 1 ? digits.Insert(1, ".") : digits;
        return sign + digits + "e" + (point - 1).ToString("+00;-00", culture);
    }
    digits = point > 0 ? digits.PadRight(point, '0') : new string('0', 1 - point) + digits;
    digits = digits.Insert(Math.Max(1, point), ".");
    return sign + (digits.EndsWith(".", StringComparison.Ordinal) ? digits + "0" : digits);
}

/// <summary>The number that a text stands for; NaN if it is none, or too large.</summary>
private static double Parsed(string text)
{
    if (!Regex.IsMatch(text, @"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\z"))
    {
        return double.NaN;
    }
    const string Form = @"^([+-]?)([0-9]*)[.]?([0-9]*)([eE](-?)[+]?0*([0-9]*))?\z";
    GroupCollection found = Regex.Match(text, Form).Groups;
    string exponent = found[6].Length > 9 ? "999999999" : "0" + found[6].Value;
    int power = int.Parse(found[5].Value + exponent, CultureInfo.InvariantCulture);
    string digits = (found[2].Value + found[3].Value).TrimStart('0');
    double size = Nearest(digits, power - found[3].Length);
    return found[1].Value == "-" ? -size : size;
}

/// <summary>
/// The number nearest to these digits times a power of ten; NaN if it is too large. It is
/// exact, where some runtimes read numbers with an error in the last bit.
/// </summary>
private static double Nearest(string digits, int power)
{
    power += digits.Length;
    digits = digits.TrimEnd('0');
    if (digits == "" || power < -330)
    {
        return 0;
    }
    if (power > 309)
    {
        return double.NaN;
    }
    digits = digits.Length > 800 ? digits.Substring(0, 800) + "1" : digits;
    power -= digits.Length;
    CultureInfo culture = CultureInfo.InvariantCulture;
    if (digits.Length < 16 && Math.Abs(power) < 23)
    {
        double ten = 1;
        for (int i = 0; i < Math.Abs(power); i++)
        {
            ten *= 10;
        }
        double whole = long.Parse(digits, culture);
        return power < 0 ? whole / ten : whole * ten;
    }
    string guess = digits + "E" + power.ToString(culture);
    if (!double.TryParse(guess, NumberStyles.Float, culture, out double value))
    {
        value = double.MaxValue;
    }
    long bits = BitConverter.DoubleToInt64Bits(Math.Min(value, double.MaxValue));
    while (IsAbove(digits, power, bits))
    {
        bits++;
    }
    while (bits > 0 && !IsAbove(digits, power, bits - 1))
    {
        bits--;
    }
    value = BitConverter.Int64BitsToDouble(bits);
    return value <= double.MaxValue ? value : double.NaN;
}

/// <summary>
/// Whether digits times a power of ten are nearer to the number after the one with these
/// bits than to that one; in the middle, whether its last bit is 1.
/// </summary>
private static bool IsAbove(string digits, int power, long bits)
{
    long exponent = Math.Max(1, bits >> 52) - 1076;
    long middle = 2 * ((bits & ((1L << 52) - 1)) + (bits >> 52 > 0 ? 1L << 52 : 0)) + 1;
    var left = new List<uint>();
    var right = new List<uint> { unchecked((uint)middle), (uint)(middle >> 32) };
    foreach (char digit in digits)
    {
        Multiply(left, 10, 1, (uint)(digit - '0'));
    }
    Multiply(power > 0 ? left : right, 10, Math.Abs(power), 0);
    Multiply(exponent > 0 ? right : left, 2, Math.Abs(exponent), 0);
    int words = Math.Max(left.Count, right.Count);
    for (int i = words - 1; i >= 0; i--)
    {
        uint one = i < left.Count ? left[i] : 0, other = i < right.Count ? right[i] : 0;
        if (one != other)
        {
            return one > other;
        }
    }
    return bits % 2 == 1;
}

/// <summary>Multiply a large whole number, which begins with its last 32 bits.</summary>
private static void Multiply(List<uint> number, uint factor, long times, uint add)
{
    for (long n = 0; n < times; n++)
    {
        ulong carry = add;
        for (int i = 0; i < number.Count; i++)
        {
            carry += (ulong)number[i] * factor;
            number[i] = unchecked((uint)carry);
            carry >>= 32;
        }
        if (carry > 0)
        {
            number.Add((uint)carry);
        }
    }
}

/// <summary>Read parameters from the text of such a file.</summary>
public static Num[] Load(string text)
{
    const string Whole = "a file of `Save`, complete, with a layout and finite parameters";
    Num[] numbers = Array.ConvertAll(NumbersOfFile(text, Layout), one => (Num)one);
    if (!Array.TrueForAll(numbers, one => Math.Abs(one) <= Num.MaxValue))
    {
        throw Refused("file", Whole);
    }
    if (numbers.Length != Parameters)
    {
        throw Refused("file", "as many parameters as the network has");
    }
    return numbers;
}

/// <summary>A text without what does not count around it.</summary>
private static string Bare(string text) => text.Trim(' ', '\t', '\n', '\v', '\f', '\r');

/// <summary>The number of a cell that is one.</summary>
private static double? NumberIn(object cell)
{
    TypeCode code = Convert.GetTypeCode(cell);
    bool numeric = code >= TypeCode.SByte && code <= TypeCode.Decimal;
    return numeric ? Convert.ToDouble(cell, CultureInfo.InvariantCulture) : (double?)null;
}

/// <summary>
/// The texts that stand for a number, as Python writes it; none without a finite one.
/// </summary>
private static string[] NumberTexts(object cell)
{
    double number = NumberIn(cell) ?? double.NaN;
    if (!(Math.Abs(number) <= double.MaxValue))
    {
        return new string[0];
    }
    string written = number == 0 ? "0.0" : Shortest(number);
    return new[] { Regex.Replace(written, @"\.0\z", ""), written };
}

/// <summary>How people write the numbers of a column.</summary>
private sealed class Style
{
    public string Thousands = "", Decimal = ".", Prefix = "", Suffix = "", Minus = "before";
    public string[] Missing = { };
}

/// <summary>Refuse a row that has not a cell for each column.</summary>
private static void CheckRow(object[] row)
{
    if (row == null || row.Length != Columns.Count)
    {
        throw Refused("row", "a cell for each column");
    }
}

/// <summary>Whether a text has digits alone, and at least one.</summary>
private static bool AllDigits(string text) => Regex.IsMatch(text, @"^[0-9]+\z");

/// <summary>Whether a text begins with another one, letter by letter.</summary>
private static bool Begins(string text, string start) =>
    text.StartsWith(start, StringComparison.Ordinal);

/// <summary>Whether a text ends with another one, letter by letter.</summary>
private static bool Ends(string text, string end) =>
    text.EndsWith(end, StringComparison.Ordinal);

/// <summary>A cell in which a moment is a text.</summary>
private static object Dated(object cell) =>
    cell is DateTime date ? date.ToString("s", CultureInfo.InvariantCulture) : cell;

}
