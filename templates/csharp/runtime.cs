// The fixed members of the classes of C#: a module gets those that it names, and those that these
// name, within its class. See nngen/targets/definitions.py.
//
// `Num` is the type of the numbers: double, or float with `dtype: float32`.

public static class Runtime
{

// what they take

/// <summary>Derivatives of 0, in the place that a state has for them.</summary>
private static Num[] NoSlopes(State state)
{
    state.Slopes = state.Slopes ?? new Num[Parameters];
    Array.Clear(state.Slopes, 0, Parameters);
    return state.Slopes;
}

/// <summary>What is wrong with an argument, a column of a row, or a file.</summary>
private static ArgumentException Refused(string place, string expected) =>
    new ArgumentException("expected " + expected, place);

/// <summary>Refuse an array of another size.</summary>
private static void CheckSize<T>(T[] values, int size, string name)
{
    if (values == null || values.Length != size)
    {
        throw Refused(name, "an array of " + size);
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

// source: saving

/// <summary>The shortest text that reads back as this number.</summary>
private static string Shortest(double value)
{
    string sign = value < 0 || 1 / value < 0 ? "-" : "";
    CultureInfo culture = CultureInfo.InvariantCulture;
    double size = Math.Abs(value);
    string[] parts = size.ToString("E16", culture).Split('E');
    long all = long.Parse(parts[0].Remove(1, 1), culture);
    int power = int.Parse(parts[1], culture) - 16;
    for (long unit = size < 1e-300 ? (long)1e16 : 100; unit > 1; unit /= 10)
    {
        long low = all - all % unit, near = all - low < low + unit - all ? low : low + unit;
        foreach (long one in new[] { low + low + unit - near, near })
        {
            all = Nearest(one.ToString(culture), power) == size ? one : all;
        }
    }
    string digits = all.ToString(culture);
    int point = value == 0 ? 1 : digits.Length + power, before = Math.Max(1, point);
    digits = digits.TrimEnd('0');
    if (point > 21 || point < -3)
    {
        digits = digits.Length > 1 ? digits.Insert(1, ".") : digits;
        return sign + digits + "e" + (point - 1).ToString("+00;-00", culture);
    }
    digits = new string('0', before - point) + digits;
    return sign + digits.PadRight(before + 1, '0').Insert(before, ".");
}

/// <summary>The number that a text stands for; NaN if it is none, or too large.</summary>
private static double Parsed(string text)
{
    const string Form = @"^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?)([0-9]+))?\z";
    GroupCollection found = Regex.Match(text, Form).Groups;
    string digits = found[2].Value + found[3].Value, tens = found[5].Value.TrimStart('0');
    tens = tens.Length > 9 ? "999999999" : "0" + tens;
    int power = int.Parse(found[4].Value + tens, CultureInfo.InvariantCulture);
    double size = digits == "" ? double.NaN : Nearest(digits, power - found[3].Length);
    return found[1].Value == "-" ? -size : size;
}

/// <summary>
/// The number nearest to these digits times a power of ten; NaN if it is too large. It is
/// exact, where some runtimes read numbers with an error in the last bit.
/// </summary>
private static double Nearest(string digits, int power)
{
    digits = digits.TrimStart('0');
    power += digits.Length;
    digits = digits.TrimEnd('0');
    if (digits == "" || power < -330 || power > 309)
    {
        return digits == "" || power < 0 ? 0 : double.NaN;
    }
    digits = digits.Length > 800 ? digits.Substring(0, 800) + "1" : digits;
    power -= digits.Length;
    var words = new List<uint>(); // of a large whole number, the last 32 bits first
    foreach (char digit in digits.PadRight(digits.Length + Math.Max(0, power), '0'))
    {
        ulong carry = (ulong)(digit - '0');
        for (int i = 0; i < words.Count; i++)
        {
            carry += 10UL * words[i];
            words[i] = unchecked((uint)carry);
            carry >>= 32;
        }
        if (carry > 0)
        {
            words.Add((uint)carry);
        }
    }
    words.InsertRange(0, new uint[34]); // times 2 to the power of 1088
    bool more = false; // whether what is left out is above 0
    for (; power < 0; power += 9)
    {
        ulong by = (ulong)Math.Round(Math.Pow(10, Math.Min(9, -power))), rest = 0;
        for (int i = words.Count - 1; i >= 0; i--)
        {
            rest = (rest << 32) + words[i];
            words[i] = (uint)(rest / by);
            rest %= by;
        }
        more |= rest > 0;
    }
    Func<int, ulong> bit = place => words[place / 32] >> place % 32 & 1;
    ulong first = 0; // the first 53 bits, less below 2 to the power of -1022
    int last = 32 * words.Count; // 2 to the power of -1074 has place 14
    while (last > 14 && first < 1UL << 52)
    {
        last--;
        first = 2 * first + bit(last);
    }
    ulong half = bit(last - 1);
    for (int i = last - 2; half == 1 && !more && i >= 0; i--)
    {
        more = bit(i) == 1;
    }
    ulong bits = first + ((ulong)(last - 14) << 52) + (more ? half : half & first);
    return bits < 0x7ffUL << 52 ? BitConverter.Int64BitsToDouble((long)bits) : double.NaN;
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
