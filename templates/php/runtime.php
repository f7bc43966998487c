<?php
// what modules state themselves; what they take

// helpers

/** What the caller throws for a wrong argument. */
private static function refused(string $place, string $expected): InvalidArgumentException
{
    return new InvalidArgumentException("$place: expected $expected");
}

/** Refuse an array of another size. */
private static function checkSize(string $place, int $size, int $expected): void
{
    if ($size !== $expected) {
        throw self::refused($place, "an array of $expected");
    }
}

/** The sign of a number; 0 and NaN are their own. */
private static function sign(float $x): float
{
    return $x > 0.0 ? 1.0 : ($x < 0.0 ? -1.0 : $x);
}

/**
 * The complementary error function, 1 - erf(x): near 0 by the power series of erf (DLMF 7.6.2), else by the continued
 * fraction (DLMF 7.9.4), from its end.
 *
 * exp(-x^2) has two factors, as x^2 would be rounded: h is so short that h^2 is exact.
 */
private static function erfc(float $x): float
{
    $u = min(30.0, abs($x));
    $h = $u - fmod($u, 0.0078125);
    $bell = exp(-$h * $h) * exp(($h - $u) * ($h + $u)) / 1.772453850905516; // the square root of pi
    if ($u < 1.0) {
        $term = 2.0 * $x * $bell;
        $erf = 0.0;
        for ($k = 1.0; $erf + $term !== $erf; $k++) {
            $erf += $term;
            $term *= 2.0 * $x * $x / (2.0 * $k + 1.0);
        }
        return 1.0 - $erf;
    }
    $rest = $u;
    for ($k = 20.0 - floor(-150.0 / ($u * $u)); $k > 0.0; $k--) {
        $rest = $u + $k / 2.0 / $rest;
    }
    return $x > 0.0 ? $bell / $rest : 2.0 - $bell / $rest;
}

// source: random_numbers

/** The lower 32 bits of a product of numbers of 32 bits: whole, it would be a float. */
private static function product32(int $one, int $other): int
{
    $high = (($one >> 16) * $other) & 0xffff;
    return (($high << 16) + ($one & 0xffff) * $other) & 0xffffffff;
}

// source: order

/**
 * Values in the increasing order of their keys; those with equal keys keep their order.
 *
 * @param list<int> $values
 * @param list<int> $keys
 * @return list<int>
 */
private static function sortedBy(array $values, array $keys): array
{
    asort($keys);
    return array_map(fn (int $place): int => $values[$place], array_keys($keys));
}

// source: number_styles

/** The place where a text has a mark; -1 if it has none. */
private static function find(string $text, string $mark): int
{
    $place = strpos($text, $mark);
    return $place === false ? -1 : $place;
}
