// The fixed members of the classes of C#: a module gets those that it names, and those that these
// name, within its class. See nngen/targets/definitions.py.
//
// `Num` is the type of the numbers: double, or float with `dtype: float32`.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

public static class Runtime
{

// what modules state themselves

const int Inputs = 2, Outputs = 2, Parameters = 1;
const string Layout = "a layout";
static readonly int[] ValidationPlaces = { 0 };
static readonly int[][] BlockRows = { new[] { 0, 1, 1, -1 } };
static readonly string[] Classes = { "yes", "no" }, Missing = { "", "NA" };
public sealed class State
{
    internal Num[] Slopes;
    internal State Copy() => this;
}
static State InitState() => new State();
static Num[] Encode(params object[] row) => null;
static Num[] Forward(Num[] parameters, Num[] x) => null;
static Num AddGradient(Num[] parameters, Num[] x, Num[] y, Num weight, uint? seed, Num[] slopes) => 0;
static (Num Loss, Num[] Slopes, Num[] After) BatchGradient(Num[] parameters, IReadOnlyList<Num[]> xs, IReadOnlyList<Num[]> ys, IReadOnlyList<Num> weights = null, IReadOnlyList<uint> seeds = null, bool training = true) => (0, null, null);
static Num ClassWeight(Num[] y) => 1;
static void Update(Num[] parameters, Num[] slopes, State state, IEnumerable<int> places = null) { }

// what a network has

static readonly bool ALWAYS = true, CLASS_WEIGHTS = true, ENDS = true, EXAMPLE_WEIGHTS = true, FILES = true, LAZY = true, LISTED = true, MEAN = true, MEAN_LOSS = true;
static readonly bool OWN_WEIGHT = true, SEVERAL = true, SHARES = true, STOP = true, TOGETHER = true, VALIDATION = true, WEIGHTED_MEAN = true;
const int BATCH_SIZE = 1, EPOCHS = 1, EVERY = 1, ORDER_SEED = 1, STOP_SEED = 1, TRAINING_SEED = 1;
const double LARGEST = 1e100, SHARE = 0.5, THRESHOLD = 0.5;

// what they take

// helpers: loss

/// <summary>The SAYS_LOSS.</summary>
public static Num Loss(Num[] parameters, Num[] x, Num[] y, Num weight = 1 /* OWN_WEIGHT */)
{
    CheckExample(parameters, x, y);
    if (TOGETHER)
    {
        return BatchGradient(parameters, new[] { x }, new[] { y }, new[] { weight } /* OWN_WEIGHT */, training: false).Loss;
    }
    return AddGradient(parameters, x, y, OWN_WEIGHT ? weight : 1 /* WEIGHED */, null /* DROPOUT */, null);
}

/// <summary>The SAYS_SLOPES.</summary>
/// <remarks>
/// The seed draws the units that dropout leaves out; without one it leaves out none, as in <c>Forward</c>. // SEEDED
/// </remarks>
public static (Num Loss, Num[] Slopes) Gradient(Num[] parameters, Num[] x, Num[] y, Num weight = 1 /* OWN_WEIGHT */, uint? seed = null /* SEEDED */)
{
    CheckExample(parameters, x, y);
    if (TOGETHER)
    {
        (Num Loss, Num[] Slopes, Num[] After) of = BatchGradient(parameters, new[] { x }, new[] { y }, new[] { weight } /* OWN_WEIGHT */, training: false);
        return (of.Loss, of.Slopes);
    }
    Num[] slopes = new Num[Parameters];
    Num loss = AddGradient(parameters, x, y, OWN_WEIGHT ? weight : 1 /* WEIGHED */, seed /* DROPOUT */, slopes);
    return (loss, slopes);
}

/// <summary>Refuse parameters and numbers of an example of another size.</summary>
private static void CheckExample(Num[] parameters, Num[] x, Num[] y)
{
    CheckSize(parameters, Parameters, "parameters");
    CheckSize(x, Inputs, "x");
    CheckSize(y, Outputs, "y");
}

// helpers: answers

// source: answers

// helpers: steps

/// <summary>One step of OPTIMIZER, in place.</summary>
/// <remarks>
/// Of embeddings it changes only the rows whose derivatives are not all 0. // LAZY
/// </remarks>
public static void Step(Num[] parameters, Num[] slopes, State state)
{
    CheckSize(parameters, Parameters, "parameters");
    CheckSize(slopes, Parameters, "slopes");
    Update(parameters, slopes, state, PlacesOf(Changed(slopes)) /* LAZY */);
}

/// <summary>The rows whose derivatives are not all 0, and all other parameters.</summary>
private static List<(int Start, int Count)> Changed(Num[] slopes)
{
    var rows = new List<(int Start, int Count)>();
    foreach (int[] block in BlockRows)
    {
        for (int i = block[0]; i < block[1]; i += block[2])
        {
            Num[] row = Part(slopes, i, block[2]);
            if (block[3] < 0 || Array.Exists(row, slope => slope != 0))
            {
                rows.Add((i, block[2]));
            }
        }
    }
    return rows;
}

// helpers: training

/// <summary>Gradient and step in one, in place; the loss is that before the step.</summary>
public static Num TrainStep(Num[] parameters, Num[] x, Num[] y, State state, Num weight = 1 /* OWN_WEIGHT */, uint? seed = null /* DROPOUT */)
{ // !TOGETHER
    CheckExample(parameters, x, y);
    Num[] slopes = state.Slopes = state.Slopes ?? new Num[Parameters];
    Num loss = AddGradient(parameters, x, y, OWN_WEIGHT ? weight : 1 /* WEIGHED */, seed /* DROPOUT */, slopes);
    Update(parameters, slopes, state, PlacesOf(Selected(new[] { x }, new[] { 0 })) /* LAZY */);
    Array.Clear(slopes, 0, Parameters);
    return loss;
}

/// <summary>How <c>Fit</c> trains; new ones have the values of the spec.</summary>
public sealed class Settings
{
    /// <summary>The number of epochs.</summary>
    public int Epochs { get; set; } = EPOCHS;

    /// <summary>Examples of a step; null takes all of them.</summary>
    public int? BatchSize { get; set; } = BATCH_SIZE;

    /// <summary>Draws the order of the examples; null leaves them as they are.</summary>
    public uint? Seed { get; set; } = ORDER_SEED;

    /// <summary>Continues a training after the epoch of this progress.</summary>
    public Progress Progress { get; set; } // FILES
}

/// <summary>What a training needs to continue, besides its parameters.</summary>
public sealed class Progress
{
    /// <summary>The number of epochs.</summary>
    public int Epochs { get; set; }

    /// <summary>The state of the optimizer.</summary>
    public State State { get; set; } = InitState();

    /// <summary>The loss that the stop rule has looked at last.</summary>
    public Num Measured { get; set; } = Num.PositiveInfinity; // STOP

    /// <summary>The least of these losses.</summary>
    public Num Best { get; set; } = Num.PositiveInfinity; // STOP

    /// <summary>The parameters that had it.</summary>
    public Num[] BestParameters { get; set; } // STOP

    /// <summary>The number of epochs since then.</summary>
    public Num Since { get; set; } // STOP
}

/// <summary>
/// Train on examples, in place, and return the loss of each epoch, measured before each step.
/// </summary>
/// <remarks>
/// <para>
/// Each epoch takes the examples in a new random order, or as they are without a seed. After each epoch Fit calls
/// callback(epoch, loss, parameters); true ends training. // !FILES
/// callback(epoch, loss, parameters, progress); true ends training. // FILES
/// The weights say how much each example counts; without them, all count 1. // EXAMPLE_WEIGHTS
/// The seed also draws which units dropout leaves out, for each example of each epoch. // DROPOUT
/// </para>
/// <para>
/// SAYS_STOP // STOP
/// </para>
/// </remarks>
public static Num[] Fit(Num[] parameters, IReadOnlyList<Num[]> xs, IReadOnlyList<Num[]> ys, IReadOnlyList<Num> weights = null /* EXAMPLE_WEIGHTS */, Settings settings = null, Func<int, Num, Num[], Progress /* FILES */, bool> callback = null)
{
    settings = settings ?? new Settings();
    CheckSize(parameters, Parameters, "parameters");
    CheckExamples(xs, ys);
    int size = Math.Min(settings.BatchSize ?? xs.Count, xs.Count);
    if (size < 1)
    {
        throw Refused("xs", "batches of at least 1");
    }
    weights = Checked(weights, xs.Count); // EXAMPLE_WEIGHTS
    Num[] totals = Each(xs.Count, i => EXAMPLE_WEIGHTS ? CLASS_WEIGHTS ? weights[i] * ClassWeight(ys[i]) : weights[i] : ClassWeight(ys[i])); // WEIGHTED_MEAN
    int[] kept = LISTED ? ValidationPlaces : HeldOut(xs.Count); // VALIDATION
    int[] places = VALIDATION ? OthersThan(kept, xs.Count) : Places(xs.Count);
    Progress progress = settings.Progress ?? new Progress(); // FILES
    State state = FILES ? progress.State.Copy() : InitState();
    Num measured = FILES ? progress.Measured : Num.PositiveInfinity; // STOP
    Num best = FILES ? progress.Best : Num.PositiveInfinity; // STOP
    Num since = FILES ? progress.Since : 0; // STOP
    Num[] bestParameters = FILES ? progress.BestParameters ?? (Num[])parameters.Clone() : (Num[])parameters.Clone(); // STOP
    Num[] slopes = new Num[Parameters]; // !TOGETHER
    var history = new List<Num>();
    for (int epoch = FILES ? progress.Epochs : 0; epoch < settings.Epochs; epoch++)
    {
        if (STOP && ENDS)
        {
            break;
        }
        Num lossOfEpoch = 0;
        int[] order = Order(places, settings.Seed, epoch);
        uint[] seeds = SeedsOf(places, xs.Count, settings.Seed, epoch); // DROPOUT
        for (int start = 0; start < order.Length; start += size)
        {
            int[] batch = new int[Math.Min(size, order.Length - start)];
            Array.Copy(order, start, batch, 0, batch.Length);
            Num whole = WEIGHTED_MEAN ? WholeOf(Array.ConvertAll(batch, k => totals[k])) : batch.Length; // MEAN
            Num loss = TrainBatch(parameters, xs, ys, SHARES ? totals : weights /* LEARN_WEIGHTS */, seeds /* DROPOUT */, batch, whole /* DIVIDED */, slopes /* !TOGETHER */, state);
            lossOfEpoch += MEAN ? loss * whole : loss;
        }
        lossOfEpoch /= WEIGHTED_MEAN ? Sum(VALIDATION ? Array.ConvertAll(places, k => totals[k]) : totals) : order.Length; // MEAN
        history.Add(lossOfEpoch);
        if (STOP && (ALWAYS || (epoch + 1) % EVERY == 0))
        {
            measured = VALIDATION ? LossOver(parameters, xs, ys, weights /* OWN_WEIGHT */, totals /* WEIGHTED_MEAN */, kept) : lossOfEpoch;
            since += EVERY;
            if (measured < best)
            {
                best = measured;
                since = 0;
                parameters.CopyTo(bestParameters, 0);
            }
        }
        if (FILES)
        {
            progress = new Progress
            {
                Epochs = epoch + 1,
                State = state.Copy(),
                Measured = measured, // STOP
                Best = best, // STOP
                BestParameters = (Num[])bestParameters.Clone(), // STOP
                Since = since, // STOP
            };
        }
        if (callback != null && callback(epoch, lossOfEpoch, parameters, progress /* FILES */))
        {
            break;
        }
    }
    if (STOP && (FILES ? progress.Epochs : history.Count) >= EVERY)
    {
        bestParameters.CopyTo(parameters, 0);
    }
    return history.ToArray();
}

/// <summary>A step on the examples of a batch, in place; the loss is that before the step.</summary>
private static Num TrainBatch(Num[] parameters, IReadOnlyList<Num[]> xs, IReadOnlyList<Num[]> ys, IReadOnlyList<Num> weights /* LEARN_WEIGHTS */, uint[] seeds /* DROPOUT */, int[] batch, Num whole /* DIVIDED */, Num[] slopes /* !TOGETHER */, State state)
{
    if (TOGETHER)
    {
        (Num Loss, Num[] Slopes, Num[] After) of = BatchGradient(parameters, Array.ConvertAll(batch, k => xs[k]), Array.ConvertAll(batch, k => ys[k]), Array.ConvertAll(batch, k => weights[k]) /* EXAMPLE_WEIGHTS */, Array.ConvertAll(batch, k => seeds[k]) /* DROPOUT */);
        of.After.CopyTo(parameters, 0);
        Update(parameters, of.Slopes, state);
        return of.Loss;
    }
    Num loss = 0;
    foreach (int k in batch)
    {
        loss += AddGradient(parameters, xs[k], ys[k], SHARES ? weights[k] / whole : weights[k] /* WEIGHED */, seeds[k] /* DROPOUT */, slopes);
    }
    loss /= whole; // MEAN_LOSS
    SortedSet<(int Start, int Count)> rows = Selected(xs, batch); // LAZY
    if (MEAN_LOSS)
    {
        if (LAZY)
        {
            foreach (int i in PlacesOf(rows))
            {
                slopes[i] /= whole;
            }
        }
        else
        {
            for (int i = 0; i < Parameters; i++)
            {
                slopes[i] /= whole;
            }
        }
    }
    Update(parameters, slopes, state, PlacesOf(rows) /* LAZY */);
    if (LAZY)
    {
        foreach ((int Start, int Count) row in rows)
        {
            Array.Clear(slopes, row.Start, row.Count);
        }
    }
    else
    {
        Array.Clear(slopes, 0, Parameters);
    }
    return loss;
}

/// <summary>Refuse examples of other sizes, or not as many as their targets.</summary>
private static void CheckExamples(IReadOnlyList<Num[]> xs, IReadOnlyList<Num[]> ys)
{
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

/// <summary>The rows that have derivatives after the examples of a batch.</summary>
private static SortedSet<(int Start, int Count)> Selected(
    IReadOnlyList<Num[]> xs,
    int[] batch)
{
    var rows = new SortedSet<(int Start, int Count)>();
    foreach (int[] block in BlockRows)
    {
        foreach (int k in batch)
        {
            int row = block[3] < 0 ? 0 : (int)xs[k][block[3]];
            rows.Add((block[0] + block[2] * row, block[2]));
        }
    }
    return rows;
}

/// <summary>The loss over examples that are kept for validation.</summary>
private static Num LossOver(Num[] parameters, IReadOnlyList<Num[]> xs, IReadOnlyList<Num[]> ys, IReadOnlyList<Num> weights /* OWN_WEIGHT */, Num[] totals /* WEIGHTED_MEAN */, int[] kept)
{
    Num whole = WholeOf(Array.ConvertAll(kept, k => totals[k])); // WEIGHTED_MEAN
    Num total = 0;
    foreach (int k in kept)
    {
        Num one = Loss(parameters, xs[k], ys[k], weights[k] /* OWN_WEIGHT */);
        total += WEIGHTED_MEAN ? totals[k] / whole * one : one;
    }
    return MEAN_LOSS ? total / kept.Length : total;
}

// helpers

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

// source: numbers

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

/// <summary>
/// The complementary error function, 1 - erf(x): near 0 by the power series of erf (DLMF
/// 7.6.2), else by the continued fraction (DLMF 7.9.4), from its end.
/// </summary>
/// <remarks>
/// exp(-x^2) has two factors, as x^2 would be rounded: h is so short that h^2 is exact.
/// </remarks>
private static Num Erfc(Num x)
{
    double u = Math.Min(Math.Abs(x), 30.0);
    double h = u - u % 0.0078125;
    double bell = Math.Exp(-h * h) * Math.Exp((h - u) * (h + u)) / 1.772453850905516;
    if (u < 1)
    {
        double term = 2.0 * x * bell, erf = 0;
        for (double k = 1; erf + term != erf; k++)
        {
            erf += term;
            term *= 2.0 * x * x / (2 * k + 1);
        }
        return (Num)1 - (Num)erf;
    }
    double rest = u;
    for (double k = 20 - Math.Floor(-150 / (u * u)); k > 0; k--)
    {
        rest = u + k / 2 / rest;
    }
    return x > 0 ? (Num)bell / (Num)rest : 2 - (Num)bell / (Num)rest;
}

/// <summary>The sum of products, added one after the other.</summary>
private static Num Dot(Num[] v, Num[] w)
{
    Num total = 0;
    for (int i = 0; i < v.Length; i++)
    {
        total += v[i] * w[i];
    }
    return total;
}

/// <summary>Some of the values.</summary>
private static T[] Part<T>(T[] values, int start, int count)
{
    T[] part = new T[count];
    Array.Copy(values, start, part, 0, count);
    return part;
}

/// <summary>
/// The sum of products of x with each row of the matrix that starts here, plus b; for four
/// rows at a time, as each addition waits for the one before it. Beyond the last row it is
/// the last row again.
/// </summary>
private static Num[] Affine(Num[] parameters, int start, Num[] x, Num[] b)
{
    Num[] z = new Num[b.Length];
    for (int i = 0; i < z.Length; i += 4)
    {
        int last = z.Length - 1, place = start + i * x.Length;
        int one = Math.Min(i + 1, last), two = Math.Min(i + 2, last);
        int three = Math.Min(i + 3, last);
        int to1 = (one - i) * x.Length, to2 = (two - i) * x.Length;
        int to3 = (three - i) * x.Length;
        Num sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
        for (int j = 0; j < x.Length; j++)
        {
            Num value = x[j];
            sum0 += parameters[place] * value;
            sum1 += parameters[place + to1] * value;
            sum2 += parameters[place + to2] * value;
            sum3 += parameters[place + to3] * value;
            place++;
        }
        z[i] = b[i] + sum0;
        z[one] = b[one] + sum1;
        z[two] = b[two] + sum2;
        z[three] = b[three] + sum3;
    }
    return z;
}

/// <summary>Add to each of da the sum of products of dz with its column.</summary>
private static void AddColumns(Num[] da, Num[] parameters, int start, Num[] dz)
{
    int place = start;
    foreach (Num slope in dz)
    {
        for (int j = 0; j < da.Length; j++)
        {
            da[j] += parameters[place++] * slope;
        }
    }
}

/// <summary>Add the products of dz and x to the slopes of a matrix.</summary>
private static void AddOuter(Num[] slopes, int start, Num[] dz, Num[] x)
{
    int place = start;
    foreach (Num slope in dz)
    {
        for (int j = 0; j < x.Length; j++)
        {
            slopes[place++] += slope * x[j];
        }
    }
}

/// <summary>Add a vector to the slopes that start here.</summary>
private static void Add(Num[] slopes, int start, Num[] values)
{
    for (int i = 0; i < values.Length; i++)
    {
        slopes[start + i] += values[i];
    }
}

/// <summary>The sum of a term of each parameter from start on.</summary>
private static Num SumOf(
    Num[] parameters,
    int start,
    int count,
    Func<Num, Num> term)
{
    Num total = 0;
    for (int i = start; i < start + count; i++)
    {
        total += term(parameters[i]);
    }
    return total;
}

/// <summary>Add to the slopes from start on that of a penalty at each parameter.</summary>
private static void AddSlopes(
    Num[] slopes,
    Num[] parameters,
    int start,
    int count,
    Func<Num, Num> slope)
{
    for (int i = start; i < start + count; i++)
    {
        slopes[i] += slope(parameters[i]);
    }
}

/// <summary>The sum of a term for each place.</summary>
private static Num TotalOf(int count, Func<int, Num> term)
{
    Num total = 0;
    for (int i = 0; i < count; i++)
    {
        total += term(i);
    }
    return total;
}

/// <summary>A value for each unit, or for each example of a batch.</summary>
private static T[] Each<T>(int count, Func<int, T> value)
{
    T[] values = new T[count];
    for (int i = 0; i < count; i++)
    {
        values[i] = value(i);
    }
    return values;
}

/// <summary>A value for each example of a batch and each unit.</summary>
private static Num[][] Rows(int count, int units, Func<int, int, Num> value) =>
    Each(count, k => Each(units, i => value(k, i)));

/// <summary>Refuse the weight of an example that is negative or not finite.</summary>
private static void CheckWeight(Num weight)
{
    if (!(weight >= 0 && weight < (Num)1e18))
    {
        throw Refused("weight", "a weight of at least 0 and less than 1e18");
    }
}

/// <summary>The weights of all examples; 1 for each if there are none.</summary>
private static IReadOnlyList<Num> Checked(IReadOnlyList<Num> weights, int count)
{
    weights = weights ?? Filled(1, count);
    if (weights.Count != count)
    {
        throw Refused("weights", "a weight for each example");
    }
    foreach (Num weight in weights)
    {
        CheckWeight(weight);
    }
    return weights;
}

// source: random_numbers

// source: order

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
private static Num[] Filled(Num value, int count) => Each(count, i => value);

/// <summary>The sum of the weights of a batch.</summary>
private static Num WholeOf(Num[] weights)
{
    const string Expected = "weights that do not sum to 0 over a batch";
    Num total = Sum(weights);
    return total > 0 ? total : throw Refused("weights", Expected);
}

/// <summary>The places of the parameters in some rows, each a start and a count.</summary>
private static IEnumerable<int> PlacesOf(IEnumerable<(int Start, int Count)> rows)
{
    foreach ((int Start, int Count) row in rows)
    {
        for (int i = 0; i < row.Count; i++)
        {
            yield return row.Start + i;
        }
    }
}

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
    const string Wrong = "a file of `Save`, complete, with a layout and finite parameters";
    const string Number = @"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z";
    const string Network = @"""layout"" : ""(?<layout>[^""\\]*)""";
    const string Other = @"""parameters"" : \[(?<all>[^\]]*)\]|""network"" : ""[^""\\]*""";
    const string Field = "(" + Network + "|" + Other + ")";
    string file = @"^ \{ " + Field + "( , " + Field + @")* \} \z";
    file = file.Replace(" ", @"[ \t\r\n]*");
    Match found = Regex.Match(text, file, RegexOptions.ExplicitCapture);
    if (!found.Groups["layout"].Success || !found.Groups["all"].Success)
    {
        throw Refused("file", Wrong);
    }
    if (found.Groups["layout"].Value != Layout)
    {
        throw Refused("file", "the parameters of this network, not of another one");
    }
    string[] numbers = found.Groups["all"].Value.Split(',');
    if (numbers.Length != Parameters)
    {
        throw Refused("file", "as many parameters as the network has");
    }
    return Array.ConvertAll(numbers, written =>
    {
        string number = written.Trim(' ', '\t', '\r', '\n');
        double value = Regex.IsMatch(number, Number) ? Parsed(number) : double.NaN;
        bool finite = Math.Abs((Num)value) <= Num.MaxValue;
        return finite ? (Num)value : throw Refused("file", Wrong);
    });
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

// source: cells

// source: categories

// source: spellings

/// <summary>
/// The texts that stand for a number, as Python writes it; none if a cell has no finite one.
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

// source: styled_cells

// source: number_styles

// source: texts

/// <summary>Whether a text has digits alone, and at least one.</summary>
private static bool AllDigits(string text) => Regex.IsMatch(text, @"^[0-9]+\z");

/// <summary>Whether a text begins with another one, letter by letter.</summary>
private static bool Begins(string text, string start) =>
    text.StartsWith(start, StringComparison.Ordinal);

/// <summary>Whether a text ends with another one, letter by letter.</summary>
private static bool Ends(string text, string end) =>
    text.EndsWith(end, StringComparison.Ordinal);

// source: dates

/// <summary>A cell in which a moment is a text.</summary>
private static object Dated(object cell) =>
    cell is DateTime date ? date.ToString("s", CultureInfo.InvariantCulture) : cell;

}
