// Package runtime has the fixed functions of Go modules: a module gets those that it names, and those
// that these name.
//
// See nngen/targets/definitions.py. Num is the type of the numbers: float64, or float32.
package runtime

// what they take

// Error says what is wrong with an argument or with a file.
type Error struct {
	// Place is the argument, the column of a row, or the file.
	Place string

	// Expected is what it has to be.
	Expected string
}

// Error returns both as one text.
func (e *Error) Error() string { return e.Place + ": expected " + e.Expected }

// refused returns an error.
func refused(place, expected string) error { return &Error{place, expected} }

// source: functions

// dot returns the sum of products, added one after the other.
func dot(v, w []Num) Num {
	total := Num(0.0)
	w = w[:len(v)] // so that places are not checked one by one
	for i, value := range v {
		total += Num(value * w[i])
	}
	return total
}

// affine sets z to the sum of products of x with each row of a matrix, plus b; for four rows at a
// time, since each addition waits for the one before it.
func affine(z, rows, x, b []Num) {
	n, i := len(x), 0
	for ; i+4 <= len(z); i += 4 {
		one, two, three, four := rows[n*i:][:n], rows[n*i+n:][:n], rows[n*i+2*n:][:n], rows[n*i+3*n:][:n]
		var s, t, u, v Num
		for j, value := range x {
			s += Num(one[j] * value)
			t += Num(two[j] * value)
			u += Num(three[j] * value)
			v += Num(four[j] * value)
		}
		z[i], z[i+1], z[i+2], z[i+3] = b[i]+s, b[i+1]+t, b[i+2]+u, b[i+3]+v
	}
	for ; i < len(z); i++ {
		z[i] = b[i] + dot(x, rows[n*i:])
	}
}

// addColumns adds to each of da the sum of products of dz with a column of a matrix.
func addColumns(da, rows, dz []Num) {
	for i, value := range dz {
		row := rows[len(da)*i:][:len(da)]
		for j := range da {
			da[j] += Num(row[j] * value)
		}
	}
}

// addOuter adds the product of each number of dz with each of x to a matrix.
func addOuter(slopes, dz, x []Num) {
	for i, value := range dz {
		row := slopes[len(x)*i:][:len(x)]
		for j := range x {
			row[j] += Num(value * x[j])
		}
	}
}

// addVector adds a vector to sums.
func addVector(sums, values []Num) {
	for i, value := range values {
		sums[i] += value
	}
}

// picked returns the values at some places.
func picked[T any](values []T, places []int) []T {
	found := make([]T, len(places))
	for i, place := range places {
		found[i] = values[place]
	}
	return found
}

// span adds the places from start to stop to a list.
func span(places []int, start, stop int) []int {
	for i := start; i < stop; i++ {
		places = append(places, i)
	}
	return places
}

// distinct returns values in increasing order, each once.
func distinct(values []int) []int {
	slices.Sort(values)
	return slices.Compact(values)
}

// sortedBy returns values in the increasing order of their keys; those with equal keys keep their
// order.
func sortedBy(values []int, keys []uint32) []int {
	places := span(nil, 0, len(keys))
	sort.SliceStable(places, func(a, b int) bool { return keys[places[a]] < keys[places[b]] })
	return picked(values, places)
}

// source: saving

// numbersOfFile returns the numbers of a file of parameters; NaN for what is none.
func numbersOfFile(text []byte, layout string) ([]float64, error) {
	var file struct {
		Layout     string
		Parameters []*float64
	}
	if json.Unmarshal(text, &file) != nil {
		return []float64{math.NaN()}, nil
	}
	if file.Layout != layout {
		return nil, refused("file", "the parameters of this network, not of another one")
	}
	numbers := make([]float64, len(file.Parameters))
	for i, number := range file.Parameters {
		numbers[i] = math.NaN()
		if number != nil {
			numbers[i] = *number
		}
	}
	return numbers, nil
}

// bare returns a text without what does not count around it.
func bare(text string) string { return strings.Trim(text, " \t\n\v\f\r") }

// numberIn returns the number of a cell that has one; false if it has none.
func numberIn(cell any) (float64, bool) {
	switch value := cell.(type) {
	case float64:
		return value, true
	case float32:
		return float64(value), true
	case int:
		return float64(value), true
	case int32:
		return float64(value), true
	case int64:
		return float64(value), true
	}
	return 0.0, false
}

// parsed returns the number of a text such as -012.5e3; NaN if it is none. ParseFloat takes other
// texts, too, and loses count of more than 800 digits before the point.
func parsed(text string) float64 {
	number, err := strconv.ParseFloat(text, 64)
	if strings.Trim(text, "+-.0123456789eE") != "" || err != nil && !math.IsInf(number, 0) {
		return math.NaN()
	}
	if len(text) <= 800 {
		return number
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	whole, decimals, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+decimals, "+-0")
	tens, _ := strconv.ParseInt(exponent, 10, 32) // of more digits the largest
	tens += int64(len(digits) - len(decimals))
	number, _ = strconv.ParseFloat("0."+digits+"e"+strconv.FormatInt(tens, 10), 64)
	if strings.HasPrefix(text, "-") {
		number = -number
	}
	return number
}

// numberTexts returns the texts that stand for a number, as Python writes it; none if a cell has none.
func numberTexts(cell any) []string {
	number, ok := numberIn(cell)
	if !ok {
		return nil
	}
	form := byte('f')
	if number != 0.0 && math.Abs(number) < 1e-4 {
		form = 'e'
	}
	texts := []string{strconv.FormatFloat(number+0.0, form, -1, 64)} // -0 is 0
	if number == math.Floor(number) {
		texts = append(texts, texts[0]+".0")
	}
	return texts
}

// style is how people write the numbers of a column.
type style struct {
	Thousands, Decimal, Prefix, Suffix, Minus string

	Missing []string
}

// allDigits tells whether a text has digits alone, and at least one.
func allDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// noDate is the fill of a column whose values cannot be missing.
const noDate = math.MinInt64
