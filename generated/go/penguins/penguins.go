// Package penguins is a neural network: its equations forward and backward, and how it learns.
//
//	x: 10 -> hidden: 6 tanh -> output: 3 softmax
//
// Tells three species of penguins apart by measurements of their bodies, by their island and by
// their sex (Gorman, Williams and Fraser, PLoS ONE 9, 2014). Some values are missing.
//
// Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch. Training:
// adam, m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) +
// epsilon), rate = 0.02, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 40 epochs in batches of
// 16.
//
// dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a
// target; w_hidden1_bill_length is the weight that leads to hidden1 from bill_length.
//
// A product is written float64(x*y) where it is added: Go then rounds it first, as every target
// does, on all machines.
//
// Written by nngen from the spec penguins: `nngen build` with that spec writes these bytes
// again. The file is yours: read it, change it, ship it.
package penguins

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// The numbers of inputs, outputs and parameters.
const (
	Inputs     = 10
	Outputs    = 3
	Parameters = 87
)

// Params has all parameters, in the order of Layout.
type Params [Parameters]float64

// Seed is the seed of initial values in the spec.
const Seed = 1

// Forward returns the outputs of one example: 10 numbers → Adelie, Chinstrap, Gentoo.
func Forward(params *Params, x [Inputs]float64) [Outputs]float64 {
	w_hidden1_bill_length, w_hidden1_bill_depth := params[0], params[1]
	w_hidden1_flipper_length, w_hidden1_body_mass := params[2], params[3]
	w_hidden1_island_biscoe, w_hidden1_island_dream := params[4], params[5]
	w_hidden1_island_torgersen, w_hidden1_sex_female := params[6], params[7]
	w_hidden1_sex_male, w_hidden1_sex_missing := params[8], params[9]
	w_hidden2_bill_length, w_hidden2_bill_depth := params[10], params[11]
	w_hidden2_flipper_length, w_hidden2_body_mass := params[12], params[13]
	w_hidden2_island_biscoe, w_hidden2_island_dream := params[14], params[15]
	w_hidden2_island_torgersen, w_hidden2_sex_female := params[16], params[17]
	w_hidden2_sex_male, w_hidden2_sex_missing := params[18], params[19]
	w_hidden3_bill_length, w_hidden3_bill_depth := params[20], params[21]
	w_hidden3_flipper_length, w_hidden3_body_mass := params[22], params[23]
	w_hidden3_island_biscoe, w_hidden3_island_dream := params[24], params[25]
	w_hidden3_island_torgersen, w_hidden3_sex_female := params[26], params[27]
	w_hidden3_sex_male, w_hidden3_sex_missing := params[28], params[29]
	w_hidden4_bill_length, w_hidden4_bill_depth := params[30], params[31]
	w_hidden4_flipper_length, w_hidden4_body_mass := params[32], params[33]
	w_hidden4_island_biscoe, w_hidden4_island_dream := params[34], params[35]
	w_hidden4_island_torgersen, w_hidden4_sex_female := params[36], params[37]
	w_hidden4_sex_male, w_hidden4_sex_missing := params[38], params[39]
	w_hidden5_bill_length, w_hidden5_bill_depth := params[40], params[41]
	w_hidden5_flipper_length, w_hidden5_body_mass := params[42], params[43]
	w_hidden5_island_biscoe, w_hidden5_island_dream := params[44], params[45]
	w_hidden5_island_torgersen, w_hidden5_sex_female := params[46], params[47]
	w_hidden5_sex_male, w_hidden5_sex_missing := params[48], params[49]
	w_hidden6_bill_length, w_hidden6_bill_depth := params[50], params[51]
	w_hidden6_flipper_length, w_hidden6_body_mass := params[52], params[53]
	w_hidden6_island_biscoe, w_hidden6_island_dream := params[54], params[55]
	w_hidden6_island_torgersen, w_hidden6_sex_female := params[56], params[57]
	w_hidden6_sex_male, w_hidden6_sex_missing := params[58], params[59]
	b_hidden1, b_hidden2, b_hidden3 := params[60], params[61], params[62]
	b_hidden4, b_hidden5, b_hidden6 := params[63], params[64], params[65]
	w_Adelie_hidden1, w_Adelie_hidden2, w_Adelie_hidden3 := params[66], params[67], params[68]
	w_Adelie_hidden4, w_Adelie_hidden5, w_Adelie_hidden6 := params[69], params[70], params[71]
	w_Chinstrap_hidden1, w_Chinstrap_hidden2 := params[72], params[73]
	w_Chinstrap_hidden3, w_Chinstrap_hidden4 := params[74], params[75]
	w_Chinstrap_hidden5, w_Chinstrap_hidden6 := params[76], params[77]
	w_Gentoo_hidden1, w_Gentoo_hidden2, w_Gentoo_hidden3 := params[78], params[79], params[80]
	w_Gentoo_hidden4, w_Gentoo_hidden5, w_Gentoo_hidden6 := params[81], params[82], params[83]
	b_Adelie, b_Chinstrap, b_Gentoo := params[84], params[85], params[86]
	bill_length, bill_depth, flipper_length, body_mass := x[0], x[1], x[2], x[3]
	island_biscoe, island_dream, island_torgersen := x[4], x[5], x[6]
	sex_female, sex_male, sex_missing := x[7], x[8], x[9]

	// hidden ← x: weighted sums, then tanh
	z_hidden1 := b_hidden1 +
		float64(w_hidden1_bill_length*bill_length) +
		float64(w_hidden1_bill_depth*bill_depth) +
		float64(w_hidden1_flipper_length*flipper_length) +
		float64(w_hidden1_body_mass*body_mass) +
		float64(w_hidden1_island_biscoe*island_biscoe) +
		float64(w_hidden1_island_dream*island_dream) +
		float64(w_hidden1_island_torgersen*island_torgersen) +
		float64(w_hidden1_sex_female*sex_female) +
		float64(w_hidden1_sex_male*sex_male) +
		float64(w_hidden1_sex_missing*sex_missing)
	z_hidden2 := b_hidden2 +
		float64(w_hidden2_bill_length*bill_length) +
		float64(w_hidden2_bill_depth*bill_depth) +
		float64(w_hidden2_flipper_length*flipper_length) +
		float64(w_hidden2_body_mass*body_mass) +
		float64(w_hidden2_island_biscoe*island_biscoe) +
		float64(w_hidden2_island_dream*island_dream) +
		float64(w_hidden2_island_torgersen*island_torgersen) +
		float64(w_hidden2_sex_female*sex_female) +
		float64(w_hidden2_sex_male*sex_male) +
		float64(w_hidden2_sex_missing*sex_missing)
	z_hidden3 := b_hidden3 +
		float64(w_hidden3_bill_length*bill_length) +
		float64(w_hidden3_bill_depth*bill_depth) +
		float64(w_hidden3_flipper_length*flipper_length) +
		float64(w_hidden3_body_mass*body_mass) +
		float64(w_hidden3_island_biscoe*island_biscoe) +
		float64(w_hidden3_island_dream*island_dream) +
		float64(w_hidden3_island_torgersen*island_torgersen) +
		float64(w_hidden3_sex_female*sex_female) +
		float64(w_hidden3_sex_male*sex_male) +
		float64(w_hidden3_sex_missing*sex_missing)
	z_hidden4 := b_hidden4 +
		float64(w_hidden4_bill_length*bill_length) +
		float64(w_hidden4_bill_depth*bill_depth) +
		float64(w_hidden4_flipper_length*flipper_length) +
		float64(w_hidden4_body_mass*body_mass) +
		float64(w_hidden4_island_biscoe*island_biscoe) +
		float64(w_hidden4_island_dream*island_dream) +
		float64(w_hidden4_island_torgersen*island_torgersen) +
		float64(w_hidden4_sex_female*sex_female) +
		float64(w_hidden4_sex_male*sex_male) +
		float64(w_hidden4_sex_missing*sex_missing)
	z_hidden5 := b_hidden5 +
		float64(w_hidden5_bill_length*bill_length) +
		float64(w_hidden5_bill_depth*bill_depth) +
		float64(w_hidden5_flipper_length*flipper_length) +
		float64(w_hidden5_body_mass*body_mass) +
		float64(w_hidden5_island_biscoe*island_biscoe) +
		float64(w_hidden5_island_dream*island_dream) +
		float64(w_hidden5_island_torgersen*island_torgersen) +
		float64(w_hidden5_sex_female*sex_female) +
		float64(w_hidden5_sex_male*sex_male) +
		float64(w_hidden5_sex_missing*sex_missing)
	z_hidden6 := b_hidden6 +
		float64(w_hidden6_bill_length*bill_length) +
		float64(w_hidden6_bill_depth*bill_depth) +
		float64(w_hidden6_flipper_length*flipper_length) +
		float64(w_hidden6_body_mass*body_mass) +
		float64(w_hidden6_island_biscoe*island_biscoe) +
		float64(w_hidden6_island_dream*island_dream) +
		float64(w_hidden6_island_torgersen*island_torgersen) +
		float64(w_hidden6_sex_female*sex_female) +
		float64(w_hidden6_sex_male*sex_male) +
		float64(w_hidden6_sex_missing*sex_missing)
	a_hidden1 := tanh(z_hidden1)
	a_hidden2 := tanh(z_hidden2)
	a_hidden3 := tanh(z_hidden3)
	a_hidden4 := tanh(z_hidden4)
	a_hidden5 := tanh(z_hidden5)
	a_hidden6 := tanh(z_hidden6)

	// output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
	// overflow)
	z_Adelie := b_Adelie +
		float64(w_Adelie_hidden1*a_hidden1) +
		float64(w_Adelie_hidden2*a_hidden2) +
		float64(w_Adelie_hidden3*a_hidden3) +
		float64(w_Adelie_hidden4*a_hidden4) +
		float64(w_Adelie_hidden5*a_hidden5) +
		float64(w_Adelie_hidden6*a_hidden6)
	z_Chinstrap := b_Chinstrap +
		float64(w_Chinstrap_hidden1*a_hidden1) +
		float64(w_Chinstrap_hidden2*a_hidden2) +
		float64(w_Chinstrap_hidden3*a_hidden3) +
		float64(w_Chinstrap_hidden4*a_hidden4) +
		float64(w_Chinstrap_hidden5*a_hidden5) +
		float64(w_Chinstrap_hidden6*a_hidden6)
	z_Gentoo := b_Gentoo +
		float64(w_Gentoo_hidden1*a_hidden1) +
		float64(w_Gentoo_hidden2*a_hidden2) +
		float64(w_Gentoo_hidden3*a_hidden3) +
		float64(w_Gentoo_hidden4*a_hidden4) +
		float64(w_Gentoo_hidden5*a_hidden5) +
		float64(w_Gentoo_hidden6*a_hidden6)
	top_output := largest(z_Adelie, z_Chinstrap, z_Gentoo)
	e_Adelie := exp(z_Adelie - top_output)
	e_Chinstrap := exp(z_Chinstrap - top_output)
	e_Gentoo := exp(z_Gentoo - top_output)
	total_output := e_Adelie + e_Chinstrap + e_Gentoo
	a_Adelie := e_Adelie / total_output
	a_Chinstrap := e_Chinstrap / total_output
	a_Gentoo := e_Gentoo / total_output

	return [Outputs]float64{a_Adelie, a_Chinstrap, a_Gentoo}
}

// Loss returns the loss of one example.
func Loss(params *Params, x [Inputs]float64, y [Outputs]float64) float64 {
	return addGradient(params, x, y, nil)
}

// Gradient returns the loss, and its slope with respect to each parameter.
func Gradient(params *Params, x [Inputs]float64, y [Outputs]float64) (float64, *Params) {
	slopes := new(Params)
	loss := addGradient(params, x, y, slopes)
	return loss, slopes
}

// addGradient returns the loss; its derivatives are added to the slopes, if there are any.
func addGradient(params *Params, x [Inputs]float64, y [Outputs]float64, slopes *Params) float64 {
	w_hidden1_bill_length, w_hidden1_bill_depth := params[0], params[1]
	w_hidden1_flipper_length, w_hidden1_body_mass := params[2], params[3]
	w_hidden1_island_biscoe, w_hidden1_island_dream := params[4], params[5]
	w_hidden1_island_torgersen, w_hidden1_sex_female := params[6], params[7]
	w_hidden1_sex_male, w_hidden1_sex_missing := params[8], params[9]
	w_hidden2_bill_length, w_hidden2_bill_depth := params[10], params[11]
	w_hidden2_flipper_length, w_hidden2_body_mass := params[12], params[13]
	w_hidden2_island_biscoe, w_hidden2_island_dream := params[14], params[15]
	w_hidden2_island_torgersen, w_hidden2_sex_female := params[16], params[17]
	w_hidden2_sex_male, w_hidden2_sex_missing := params[18], params[19]
	w_hidden3_bill_length, w_hidden3_bill_depth := params[20], params[21]
	w_hidden3_flipper_length, w_hidden3_body_mass := params[22], params[23]
	w_hidden3_island_biscoe, w_hidden3_island_dream := params[24], params[25]
	w_hidden3_island_torgersen, w_hidden3_sex_female := params[26], params[27]
	w_hidden3_sex_male, w_hidden3_sex_missing := params[28], params[29]
	w_hidden4_bill_length, w_hidden4_bill_depth := params[30], params[31]
	w_hidden4_flipper_length, w_hidden4_body_mass := params[32], params[33]
	w_hidden4_island_biscoe, w_hidden4_island_dream := params[34], params[35]
	w_hidden4_island_torgersen, w_hidden4_sex_female := params[36], params[37]
	w_hidden4_sex_male, w_hidden4_sex_missing := params[38], params[39]
	w_hidden5_bill_length, w_hidden5_bill_depth := params[40], params[41]
	w_hidden5_flipper_length, w_hidden5_body_mass := params[42], params[43]
	w_hidden5_island_biscoe, w_hidden5_island_dream := params[44], params[45]
	w_hidden5_island_torgersen, w_hidden5_sex_female := params[46], params[47]
	w_hidden5_sex_male, w_hidden5_sex_missing := params[48], params[49]
	w_hidden6_bill_length, w_hidden6_bill_depth := params[50], params[51]
	w_hidden6_flipper_length, w_hidden6_body_mass := params[52], params[53]
	w_hidden6_island_biscoe, w_hidden6_island_dream := params[54], params[55]
	w_hidden6_island_torgersen, w_hidden6_sex_female := params[56], params[57]
	w_hidden6_sex_male, w_hidden6_sex_missing := params[58], params[59]
	b_hidden1, b_hidden2, b_hidden3 := params[60], params[61], params[62]
	b_hidden4, b_hidden5, b_hidden6 := params[63], params[64], params[65]
	w_Adelie_hidden1, w_Adelie_hidden2, w_Adelie_hidden3 := params[66], params[67], params[68]
	w_Adelie_hidden4, w_Adelie_hidden5, w_Adelie_hidden6 := params[69], params[70], params[71]
	w_Chinstrap_hidden1, w_Chinstrap_hidden2 := params[72], params[73]
	w_Chinstrap_hidden3, w_Chinstrap_hidden4 := params[74], params[75]
	w_Chinstrap_hidden5, w_Chinstrap_hidden6 := params[76], params[77]
	w_Gentoo_hidden1, w_Gentoo_hidden2, w_Gentoo_hidden3 := params[78], params[79], params[80]
	w_Gentoo_hidden4, w_Gentoo_hidden5, w_Gentoo_hidden6 := params[81], params[82], params[83]
	b_Adelie, b_Chinstrap, b_Gentoo := params[84], params[85], params[86]
	bill_length, bill_depth, flipper_length, body_mass := x[0], x[1], x[2], x[3]
	island_biscoe, island_dream, island_torgersen := x[4], x[5], x[6]
	sex_female, sex_male, sex_missing := x[7], x[8], x[9]
	y_Adelie, y_Chinstrap, y_Gentoo := y[0], y[1], y[2]

	// hidden ← x: weighted sums, then tanh
	z_hidden1 := b_hidden1 +
		float64(w_hidden1_bill_length*bill_length) +
		float64(w_hidden1_bill_depth*bill_depth) +
		float64(w_hidden1_flipper_length*flipper_length) +
		float64(w_hidden1_body_mass*body_mass) +
		float64(w_hidden1_island_biscoe*island_biscoe) +
		float64(w_hidden1_island_dream*island_dream) +
		float64(w_hidden1_island_torgersen*island_torgersen) +
		float64(w_hidden1_sex_female*sex_female) +
		float64(w_hidden1_sex_male*sex_male) +
		float64(w_hidden1_sex_missing*sex_missing)
	z_hidden2 := b_hidden2 +
		float64(w_hidden2_bill_length*bill_length) +
		float64(w_hidden2_bill_depth*bill_depth) +
		float64(w_hidden2_flipper_length*flipper_length) +
		float64(w_hidden2_body_mass*body_mass) +
		float64(w_hidden2_island_biscoe*island_biscoe) +
		float64(w_hidden2_island_dream*island_dream) +
		float64(w_hidden2_island_torgersen*island_torgersen) +
		float64(w_hidden2_sex_female*sex_female) +
		float64(w_hidden2_sex_male*sex_male) +
		float64(w_hidden2_sex_missing*sex_missing)
	z_hidden3 := b_hidden3 +
		float64(w_hidden3_bill_length*bill_length) +
		float64(w_hidden3_bill_depth*bill_depth) +
		float64(w_hidden3_flipper_length*flipper_length) +
		float64(w_hidden3_body_mass*body_mass) +
		float64(w_hidden3_island_biscoe*island_biscoe) +
		float64(w_hidden3_island_dream*island_dream) +
		float64(w_hidden3_island_torgersen*island_torgersen) +
		float64(w_hidden3_sex_female*sex_female) +
		float64(w_hidden3_sex_male*sex_male) +
		float64(w_hidden3_sex_missing*sex_missing)
	z_hidden4 := b_hidden4 +
		float64(w_hidden4_bill_length*bill_length) +
		float64(w_hidden4_bill_depth*bill_depth) +
		float64(w_hidden4_flipper_length*flipper_length) +
		float64(w_hidden4_body_mass*body_mass) +
		float64(w_hidden4_island_biscoe*island_biscoe) +
		float64(w_hidden4_island_dream*island_dream) +
		float64(w_hidden4_island_torgersen*island_torgersen) +
		float64(w_hidden4_sex_female*sex_female) +
		float64(w_hidden4_sex_male*sex_male) +
		float64(w_hidden4_sex_missing*sex_missing)
	z_hidden5 := b_hidden5 +
		float64(w_hidden5_bill_length*bill_length) +
		float64(w_hidden5_bill_depth*bill_depth) +
		float64(w_hidden5_flipper_length*flipper_length) +
		float64(w_hidden5_body_mass*body_mass) +
		float64(w_hidden5_island_biscoe*island_biscoe) +
		float64(w_hidden5_island_dream*island_dream) +
		float64(w_hidden5_island_torgersen*island_torgersen) +
		float64(w_hidden5_sex_female*sex_female) +
		float64(w_hidden5_sex_male*sex_male) +
		float64(w_hidden5_sex_missing*sex_missing)
	z_hidden6 := b_hidden6 +
		float64(w_hidden6_bill_length*bill_length) +
		float64(w_hidden6_bill_depth*bill_depth) +
		float64(w_hidden6_flipper_length*flipper_length) +
		float64(w_hidden6_body_mass*body_mass) +
		float64(w_hidden6_island_biscoe*island_biscoe) +
		float64(w_hidden6_island_dream*island_dream) +
		float64(w_hidden6_island_torgersen*island_torgersen) +
		float64(w_hidden6_sex_female*sex_female) +
		float64(w_hidden6_sex_male*sex_male) +
		float64(w_hidden6_sex_missing*sex_missing)
	a_hidden1 := tanh(z_hidden1)
	a_hidden2 := tanh(z_hidden2)
	a_hidden3 := tanh(z_hidden3)
	a_hidden4 := tanh(z_hidden4)
	a_hidden5 := tanh(z_hidden5)
	a_hidden6 := tanh(z_hidden6)

	// output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
	// overflow)
	z_Adelie := b_Adelie +
		float64(w_Adelie_hidden1*a_hidden1) +
		float64(w_Adelie_hidden2*a_hidden2) +
		float64(w_Adelie_hidden3*a_hidden3) +
		float64(w_Adelie_hidden4*a_hidden4) +
		float64(w_Adelie_hidden5*a_hidden5) +
		float64(w_Adelie_hidden6*a_hidden6)
	z_Chinstrap := b_Chinstrap +
		float64(w_Chinstrap_hidden1*a_hidden1) +
		float64(w_Chinstrap_hidden2*a_hidden2) +
		float64(w_Chinstrap_hidden3*a_hidden3) +
		float64(w_Chinstrap_hidden4*a_hidden4) +
		float64(w_Chinstrap_hidden5*a_hidden5) +
		float64(w_Chinstrap_hidden6*a_hidden6)
	z_Gentoo := b_Gentoo +
		float64(w_Gentoo_hidden1*a_hidden1) +
		float64(w_Gentoo_hidden2*a_hidden2) +
		float64(w_Gentoo_hidden3*a_hidden3) +
		float64(w_Gentoo_hidden4*a_hidden4) +
		float64(w_Gentoo_hidden5*a_hidden5) +
		float64(w_Gentoo_hidden6*a_hidden6)
	top_output := largest(z_Adelie, z_Chinstrap, z_Gentoo)
	e_Adelie := exp(z_Adelie - top_output)
	e_Chinstrap := exp(z_Chinstrap - top_output)
	e_Gentoo := exp(z_Gentoo - top_output)
	total_output := e_Adelie + e_Chinstrap + e_Gentoo
	a_Adelie := e_Adelie / total_output
	a_Chinstrap := e_Chinstrap / total_output
	a_Gentoo := e_Gentoo / total_output

	// the loss: cross_entropy
	loss := float64(y_Adelie*(log(total_output)-(z_Adelie-top_output))) +
		float64(y_Chinstrap*(log(total_output)-(z_Chinstrap-top_output))) +
		float64(y_Gentoo*(log(total_output)-(z_Gentoo-top_output)))
	if slopes == nil {
		return loss
	}
	// output: the slopes of softmax and of the logarithm cancel, only the difference remains
	dz_Adelie := a_Adelie - y_Adelie
	dz_Chinstrap := a_Chinstrap - y_Chinstrap
	dz_Gentoo := a_Gentoo - y_Gentoo
	dw_Adelie_hidden1 := float64(dz_Adelie * a_hidden1)
	dw_Adelie_hidden2 := float64(dz_Adelie * a_hidden2)
	dw_Adelie_hidden3 := float64(dz_Adelie * a_hidden3)
	dw_Adelie_hidden4 := float64(dz_Adelie * a_hidden4)
	dw_Adelie_hidden5 := float64(dz_Adelie * a_hidden5)
	dw_Adelie_hidden6 := float64(dz_Adelie * a_hidden6)
	dw_Chinstrap_hidden1 := float64(dz_Chinstrap * a_hidden1)
	dw_Chinstrap_hidden2 := float64(dz_Chinstrap * a_hidden2)
	dw_Chinstrap_hidden3 := float64(dz_Chinstrap * a_hidden3)
	dw_Chinstrap_hidden4 := float64(dz_Chinstrap * a_hidden4)
	dw_Chinstrap_hidden5 := float64(dz_Chinstrap * a_hidden5)
	dw_Chinstrap_hidden6 := float64(dz_Chinstrap * a_hidden6)
	dw_Gentoo_hidden1 := float64(dz_Gentoo * a_hidden1)
	dw_Gentoo_hidden2 := float64(dz_Gentoo * a_hidden2)
	dw_Gentoo_hidden3 := float64(dz_Gentoo * a_hidden3)
	dw_Gentoo_hidden4 := float64(dz_Gentoo * a_hidden4)
	dw_Gentoo_hidden5 := float64(dz_Gentoo * a_hidden5)
	dw_Gentoo_hidden6 := float64(dz_Gentoo * a_hidden6)
	db_Adelie := dz_Adelie
	db_Chinstrap := dz_Chinstrap
	db_Gentoo := dz_Gentoo

	// hidden ← output: the error flows back along the same weights
	da_hidden1 := float64(dz_Adelie*w_Adelie_hidden1) +
		float64(dz_Chinstrap*w_Chinstrap_hidden1) +
		float64(dz_Gentoo*w_Gentoo_hidden1)
	da_hidden2 := float64(dz_Adelie*w_Adelie_hidden2) +
		float64(dz_Chinstrap*w_Chinstrap_hidden2) +
		float64(dz_Gentoo*w_Gentoo_hidden2)
	da_hidden3 := float64(dz_Adelie*w_Adelie_hidden3) +
		float64(dz_Chinstrap*w_Chinstrap_hidden3) +
		float64(dz_Gentoo*w_Gentoo_hidden3)
	da_hidden4 := float64(dz_Adelie*w_Adelie_hidden4) +
		float64(dz_Chinstrap*w_Chinstrap_hidden4) +
		float64(dz_Gentoo*w_Gentoo_hidden4)
	da_hidden5 := float64(dz_Adelie*w_Adelie_hidden5) +
		float64(dz_Chinstrap*w_Chinstrap_hidden5) +
		float64(dz_Gentoo*w_Gentoo_hidden5)
	da_hidden6 := float64(dz_Adelie*w_Adelie_hidden6) +
		float64(dz_Chinstrap*w_Chinstrap_hidden6) +
		float64(dz_Gentoo*w_Gentoo_hidden6)
	dz_hidden1 := float64(da_hidden1 * (1.0 - float64(a_hidden1*a_hidden1)))
	dz_hidden2 := float64(da_hidden2 * (1.0 - float64(a_hidden2*a_hidden2)))
	dz_hidden3 := float64(da_hidden3 * (1.0 - float64(a_hidden3*a_hidden3)))
	dz_hidden4 := float64(da_hidden4 * (1.0 - float64(a_hidden4*a_hidden4)))
	dz_hidden5 := float64(da_hidden5 * (1.0 - float64(a_hidden5*a_hidden5)))
	dz_hidden6 := float64(da_hidden6 * (1.0 - float64(a_hidden6*a_hidden6)))
	dw_hidden1_bill_length := float64(dz_hidden1 * bill_length)
	dw_hidden1_bill_depth := float64(dz_hidden1 * bill_depth)
	dw_hidden1_flipper_length := float64(dz_hidden1 * flipper_length)
	dw_hidden1_body_mass := float64(dz_hidden1 * body_mass)
	dw_hidden1_island_biscoe := float64(dz_hidden1 * island_biscoe)
	dw_hidden1_island_dream := float64(dz_hidden1 * island_dream)
	dw_hidden1_island_torgersen := float64(dz_hidden1 * island_torgersen)
	dw_hidden1_sex_female := float64(dz_hidden1 * sex_female)
	dw_hidden1_sex_male := float64(dz_hidden1 * sex_male)
	dw_hidden1_sex_missing := float64(dz_hidden1 * sex_missing)
	dw_hidden2_bill_length := float64(dz_hidden2 * bill_length)
	dw_hidden2_bill_depth := float64(dz_hidden2 * bill_depth)
	dw_hidden2_flipper_length := float64(dz_hidden2 * flipper_length)
	dw_hidden2_body_mass := float64(dz_hidden2 * body_mass)
	dw_hidden2_island_biscoe := float64(dz_hidden2 * island_biscoe)
	dw_hidden2_island_dream := float64(dz_hidden2 * island_dream)
	dw_hidden2_island_torgersen := float64(dz_hidden2 * island_torgersen)
	dw_hidden2_sex_female := float64(dz_hidden2 * sex_female)
	dw_hidden2_sex_male := float64(dz_hidden2 * sex_male)
	dw_hidden2_sex_missing := float64(dz_hidden2 * sex_missing)
	dw_hidden3_bill_length := float64(dz_hidden3 * bill_length)
	dw_hidden3_bill_depth := float64(dz_hidden3 * bill_depth)
	dw_hidden3_flipper_length := float64(dz_hidden3 * flipper_length)
	dw_hidden3_body_mass := float64(dz_hidden3 * body_mass)
	dw_hidden3_island_biscoe := float64(dz_hidden3 * island_biscoe)
	dw_hidden3_island_dream := float64(dz_hidden3 * island_dream)
	dw_hidden3_island_torgersen := float64(dz_hidden3 * island_torgersen)
	dw_hidden3_sex_female := float64(dz_hidden3 * sex_female)
	dw_hidden3_sex_male := float64(dz_hidden3 * sex_male)
	dw_hidden3_sex_missing := float64(dz_hidden3 * sex_missing)
	dw_hidden4_bill_length := float64(dz_hidden4 * bill_length)
	dw_hidden4_bill_depth := float64(dz_hidden4 * bill_depth)
	dw_hidden4_flipper_length := float64(dz_hidden4 * flipper_length)
	dw_hidden4_body_mass := float64(dz_hidden4 * body_mass)
	dw_hidden4_island_biscoe := float64(dz_hidden4 * island_biscoe)
	dw_hidden4_island_dream := float64(dz_hidden4 * island_dream)
	dw_hidden4_island_torgersen := float64(dz_hidden4 * island_torgersen)
	dw_hidden4_sex_female := float64(dz_hidden4 * sex_female)
	dw_hidden4_sex_male := float64(dz_hidden4 * sex_male)
	dw_hidden4_sex_missing := float64(dz_hidden4 * sex_missing)
	dw_hidden5_bill_length := float64(dz_hidden5 * bill_length)
	dw_hidden5_bill_depth := float64(dz_hidden5 * bill_depth)
	dw_hidden5_flipper_length := float64(dz_hidden5 * flipper_length)
	dw_hidden5_body_mass := float64(dz_hidden5 * body_mass)
	dw_hidden5_island_biscoe := float64(dz_hidden5 * island_biscoe)
	dw_hidden5_island_dream := float64(dz_hidden5 * island_dream)
	dw_hidden5_island_torgersen := float64(dz_hidden5 * island_torgersen)
	dw_hidden5_sex_female := float64(dz_hidden5 * sex_female)
	dw_hidden5_sex_male := float64(dz_hidden5 * sex_male)
	dw_hidden5_sex_missing := float64(dz_hidden5 * sex_missing)
	dw_hidden6_bill_length := float64(dz_hidden6 * bill_length)
	dw_hidden6_bill_depth := float64(dz_hidden6 * bill_depth)
	dw_hidden6_flipper_length := float64(dz_hidden6 * flipper_length)
	dw_hidden6_body_mass := float64(dz_hidden6 * body_mass)
	dw_hidden6_island_biscoe := float64(dz_hidden6 * island_biscoe)
	dw_hidden6_island_dream := float64(dz_hidden6 * island_dream)
	dw_hidden6_island_torgersen := float64(dz_hidden6 * island_torgersen)
	dw_hidden6_sex_female := float64(dz_hidden6 * sex_female)
	dw_hidden6_sex_male := float64(dz_hidden6 * sex_male)
	dw_hidden6_sex_missing := float64(dz_hidden6 * sex_missing)
	db_hidden1 := dz_hidden1
	db_hidden2 := dz_hidden2
	db_hidden3 := dz_hidden3
	db_hidden4 := dz_hidden4
	db_hidden5 := dz_hidden5
	db_hidden6 := dz_hidden6

	slopes[0] += dw_hidden1_bill_length
	slopes[1] += dw_hidden1_bill_depth
	slopes[2] += dw_hidden1_flipper_length
	slopes[3] += dw_hidden1_body_mass
	slopes[4] += dw_hidden1_island_biscoe
	slopes[5] += dw_hidden1_island_dream
	slopes[6] += dw_hidden1_island_torgersen
	slopes[7] += dw_hidden1_sex_female
	slopes[8] += dw_hidden1_sex_male
	slopes[9] += dw_hidden1_sex_missing
	slopes[10] += dw_hidden2_bill_length
	slopes[11] += dw_hidden2_bill_depth
	slopes[12] += dw_hidden2_flipper_length
	slopes[13] += dw_hidden2_body_mass
	slopes[14] += dw_hidden2_island_biscoe
	slopes[15] += dw_hidden2_island_dream
	slopes[16] += dw_hidden2_island_torgersen
	slopes[17] += dw_hidden2_sex_female
	slopes[18] += dw_hidden2_sex_male
	slopes[19] += dw_hidden2_sex_missing
	slopes[20] += dw_hidden3_bill_length
	slopes[21] += dw_hidden3_bill_depth
	slopes[22] += dw_hidden3_flipper_length
	slopes[23] += dw_hidden3_body_mass
	slopes[24] += dw_hidden3_island_biscoe
	slopes[25] += dw_hidden3_island_dream
	slopes[26] += dw_hidden3_island_torgersen
	slopes[27] += dw_hidden3_sex_female
	slopes[28] += dw_hidden3_sex_male
	slopes[29] += dw_hidden3_sex_missing
	slopes[30] += dw_hidden4_bill_length
	slopes[31] += dw_hidden4_bill_depth
	slopes[32] += dw_hidden4_flipper_length
	slopes[33] += dw_hidden4_body_mass
	slopes[34] += dw_hidden4_island_biscoe
	slopes[35] += dw_hidden4_island_dream
	slopes[36] += dw_hidden4_island_torgersen
	slopes[37] += dw_hidden4_sex_female
	slopes[38] += dw_hidden4_sex_male
	slopes[39] += dw_hidden4_sex_missing
	slopes[40] += dw_hidden5_bill_length
	slopes[41] += dw_hidden5_bill_depth
	slopes[42] += dw_hidden5_flipper_length
	slopes[43] += dw_hidden5_body_mass
	slopes[44] += dw_hidden5_island_biscoe
	slopes[45] += dw_hidden5_island_dream
	slopes[46] += dw_hidden5_island_torgersen
	slopes[47] += dw_hidden5_sex_female
	slopes[48] += dw_hidden5_sex_male
	slopes[49] += dw_hidden5_sex_missing
	slopes[50] += dw_hidden6_bill_length
	slopes[51] += dw_hidden6_bill_depth
	slopes[52] += dw_hidden6_flipper_length
	slopes[53] += dw_hidden6_body_mass
	slopes[54] += dw_hidden6_island_biscoe
	slopes[55] += dw_hidden6_island_dream
	slopes[56] += dw_hidden6_island_torgersen
	slopes[57] += dw_hidden6_sex_female
	slopes[58] += dw_hidden6_sex_male
	slopes[59] += dw_hidden6_sex_missing
	slopes[60] += db_hidden1
	slopes[61] += db_hidden2
	slopes[62] += db_hidden3
	slopes[63] += db_hidden4
	slopes[64] += db_hidden5
	slopes[65] += db_hidden6
	slopes[66] += dw_Adelie_hidden1
	slopes[67] += dw_Adelie_hidden2
	slopes[68] += dw_Adelie_hidden3
	slopes[69] += dw_Adelie_hidden4
	slopes[70] += dw_Adelie_hidden5
	slopes[71] += dw_Adelie_hidden6
	slopes[72] += dw_Chinstrap_hidden1
	slopes[73] += dw_Chinstrap_hidden2
	slopes[74] += dw_Chinstrap_hidden3
	slopes[75] += dw_Chinstrap_hidden4
	slopes[76] += dw_Chinstrap_hidden5
	slopes[77] += dw_Chinstrap_hidden6
	slopes[78] += dw_Gentoo_hidden1
	slopes[79] += dw_Gentoo_hidden2
	slopes[80] += dw_Gentoo_hidden3
	slopes[81] += dw_Gentoo_hidden4
	slopes[82] += dw_Gentoo_hidden5
	slopes[83] += dw_Gentoo_hidden6
	slopes[84] += db_Adelie
	slopes[85] += db_Chinstrap
	slopes[86] += db_Gentoo
	return loss
}

// --- Below: training and predictions. ---

// Columns has the columns of a row, as the data name them.
var Columns = [6]string{
	"bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "island", "sex",
}

// Row is a row of the data, a cell for each column: a float64, float32, int, int32 or int64, a
// string, a bool, or nil for a missing value.
type Row [6]any

// Categories has the categories of columns, as the data have them.
var Categories = [...]struct {
	Column string
	Texts  []string
}{
	{"island", []string{"Biscoe", "Dream", "Torgersen"}},
	{"sex", []string{"female", "male"}},
}

// Classes has the classes in the order of the outputs.
var Classes = [3]string{"Adelie", "Chinstrap", "Gentoo"}

// missing has the texts that mean a missing value.
var missing = []string{"", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?"}

// Encode returns the inputs of the network for a row of the data.
func Encode(row Row) ([Inputs]float64, error) {
	x := [Inputs]float64{}

	// bill_length_mm: the median of the training rows in place of a missing value
	number0, err := numberOf("bill_length_mm", row[0], 44.7)
	if err != nil {
		return [Inputs]float64{}, err
	}
	x[0] = (number0 - 43.97131782945736) / 5.383886291208132

	// bill_depth_mm: the median of the training rows in place of a missing value
	number1, err := numberOf("bill_depth_mm", row[1], 17.3)
	if err != nil {
		return [Inputs]float64{}, err
	}
	x[1] = (number1 - 17.134496124031006) / 1.9208797488845832

	// flipper_length_mm: the median of the training rows in place of a missing value
	number2, err := numberOf("flipper_length_mm", row[2], 197.0)
	if err != nil {
		return [Inputs]float64{}, err
	}
	x[2] = (number2 - 200.92635658914728) / 14.056034150068182

	// body_mass_g: the median of the training rows in place of a missing value
	number3, err := numberOf("body_mass_g", row[3], 4050.0)
	if err != nil {
		return [Inputs]float64{}, err
	}
	x[3] = (number3 - 4219.476744186047) / 811.407893010052

	// island: 1 for the category of the row, 0 for the others
	place4, err := placeIn("island", row[4], Categories[0].Texts, -1, true)
	if err != nil {
		return [Inputs]float64{}, err
	}
	if place4 < 3 {
		x[4+place4] = 1.0
	}

	// sex: 1 for the category of the row, 0 for the others
	place5, err := placeIn("sex", row[5], Categories[1].Texts, 2, false)
	if err != nil {
		return [Inputs]float64{}, err
	}
	if place5 < 2 {
		x[7+place5] = 1.0
	}
	if isGap(row[5], Categories[1].Texts) {
		x[9] = 1.0
	}
	return x, nil
}

// Decode returns the class that the outputs stand for.
func Decode(outputs [Outputs]float64) string {
	best := 0
	for i, output := range outputs {
		if output > outputs[best] {
			best = i
		}
	}
	return Classes[best]
}

// Predict returns the answer for a row of the data.
func Predict(params *Params, row Row) (string, error) {
	x, err := Encode(row)
	if err != nil {
		return "", err
	}
	outputs := Forward(params, x)
	if err := checkOutputs(outputs); err != nil {
		return "", err
	}
	return Decode(outputs), nil
}

// PredictProba returns the probability of each of Classes for a row of the data.
func PredictProba(params *Params, row Row) ([len(Classes)]float64, error) {
	x, err := Encode(row)
	if err != nil {
		return [len(Classes)]float64{}, err
	}
	outputs := Forward(params, x)
	if err := checkOutputs(outputs); err != nil {
		return [len(Classes)]float64{}, err
	}
	return outputs, nil
}

// checkOutputs refuses outputs that are no numbers: NaN comes of numbers that are too large.
func checkOutputs(outputs [Outputs]float64) error {
	for _, output := range outputs {
		if math.IsNaN(output) {
			return refused("outputs", "numbers, not NaN")
		}
	}
	return nil
}

// State is what adam remembers from step to step: the number of steps, m and v.
type State struct {
	// T is the number of steps.
	T float64

	// M has m of each parameter.
	M Params

	// V has v of each parameter.
	V Params
}

// InitState returns the state before the first step.
func InitState() *State {
	return new(State)
}

// Step makes one step of adam, in place.
func Step(params, slopes *Params, state *State) {
	state.T++
	t := state.T
	power1 := power(0.9, t)
	power2 := power(0.999, t)
	for i := 0; i < Parameters; i++ {
		w := params[i]
		g := slopes[i]
		m := state.M[i]
		v := state.V[i]
		m = float64(0.9*m) + float64((float64(1.0)-0.9)*g)
		v = float64(0.999*v) + float64((float64(1.0)-0.999)*(g*g))
		w = w - 0.02*(m/(1.0-power1))/(sqrt(v/(1.0-power2))+1e-08)
		params[i] = w
		state.M[i] = m
		state.V[i] = v
	}
}

// All takes all examples in one step, and InOrder leaves the examples in their order, see Settings.
const All, InOrder = -1, -1

// Settings says how Fit trains.
type Settings struct {
	// Epochs is the number of epochs.
	Epochs int

	// BatchSize is the number of examples of a step; All takes all of them.
	BatchSize int

	// Seed draws the order of the examples; InOrder leaves them as they are.
	Seed int64

	// Callback is called after each epoch; true ends training. It may be nil.
	Callback func(epoch int, loss float64, params *Params) bool
}

// DefaultSettings returns the settings of the spec.
func DefaultSettings() Settings {
	return Settings{Epochs: 40, BatchSize: 16, Seed: 0}
}

// TrainStep makes gradient and step in one, in place, and returns the loss before the step.
func TrainStep(params *Params, x [Inputs]float64, y [Outputs]float64, state *State) float64 {
	slopes := new(Params)
	loss := addGradient(params, x, y, slopes)
	Step(params, slopes, state)
	return loss
}

// Fit trains on examples, in place, and returns the loss of each epoch, measured before each
// step.
//
// Each epoch takes the examples in a new random order, or as they are.
func Fit(params *Params, xs [][Inputs]float64, ys [][Outputs]float64, settings Settings) ([]float64, error) {
	size := settings.BatchSize
	if settings.BatchSize == All {
		size = len(xs)
	}
	if len(xs) == 0 || len(xs) != len(ys) || size < 1 {
		return nil, refused("xs", "as many as ys, at least 1, in batches of at least 1")
	}
	places := span(nil, 0, len(xs))
	epoch := 0
	state := InitState()
	slopes := new(Params)
	var history []float64
	for epoch < settings.Epochs {
		lossOfEpoch := 0.0
		drawn := order(places, settings.Seed, epoch)
		for first := 0; first < len(drawn); first += size {
			batch := drawn[first:min(first+size, len(drawn))]
			whole := float64(len(batch))
			loss := trainBatch(params, xs, ys, batch, whole, slopes, state)
			lossOfEpoch += float64(loss * whole)
		}
		lossOfEpoch /= float64(len(places))
		history = append(history, lossOfEpoch)
		epoch++
		if settings.Callback != nil && settings.Callback(epoch-1, lossOfEpoch, params) {
			break
		}
	}
	return history, nil
}

// trainBatch makes a step on the examples of a batch, in place, and returns their loss before
// the step.
func trainBatch(
	params *Params,
	xs [][Inputs]float64,
	ys [][Outputs]float64,
	batch []int,
	whole float64,
	slopes *Params,
	state *State,
) float64 {
	loss := 0.0
	for _, k := range batch {
		loss += addGradient(params, xs[k], ys[k], slopes)
	}
	loss /= whole
	for i := 0; i < Parameters; i++ {
		slopes[i] /= whole
	}
	Step(params, slopes, state)
	*slopes = Params{}
	return loss
}

// Init returns initial parameters: a seed gives the same numbers in the module of every target.
func Init(seed uint32) *Params {
	params := new(Params)
	for i := 0; i < 60; i++ {
		params[i] = float64(math.Sqrt(6.0/16.0) * (float64(2.0*uniform(seed, i)) - 1.0))
	}
	for i := 66; i < 84; i++ {
		params[i] = float64(math.Sqrt(6.0/9.0) * (float64(2.0*uniform(seed, i)) - 1.0))
	}
	return params
}

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

// exp returns e to the power of x.
func exp(x float64) float64 { return math.Exp(x) }

// log returns the natural logarithm.
func log(x float64) float64 { return math.Log(x) }

// sqrt returns the square root.
func sqrt(x float64) float64 { return math.Sqrt(x) }

// tanh returns the hyperbolic tangent.
func tanh(x float64) float64 { return math.Tanh(x) }

// power returns x to the power of y.
func power(x, y float64) float64 { return math.Pow(x, y) }

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

// sortedBy returns values in the increasing order of their keys; those with equal keys keep their
// order.
func sortedBy(values []int, keys []uint32) []int {
	places := span(nil, 0, len(keys))
	sort.SliceStable(places, func(a, b int) bool { return keys[places[a]] < keys[places[b]] })
	return picked(values, places)
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

// maximum returns the greater number; NaN if one is NaN.
func maximum(a, b float64) float64 {
	if b > a || math.IsNaN(b) {
		return b
	}
	return a
}

// largest returns the largest number; NaN if one is NaN.
func largest(values ...float64) float64 {
	top := values[0]
	for _, value := range values {
		top = maximum(top, value)
	}
	return top
}

// bits returns the index-th random 32-bit integer of this seed: a hash that uses only 32-bit
// arithmetic.
func bits(seed uint32, index int) uint32 {
	h := uint32(0)
	for _, word := range []uint32{uint32(index), seed} {
		h = h + word + 0x9e3779b9
		h = (h ^ (h >> 16)) * 0x21f0aaad
		h = (h ^ (h >> 15)) * 0x735a2d97
		h = h ^ (h >> 15)
	}
	return h
}

// uniform returns the index-th random number of this seed, uniform from 0 to 1.
func uniform(seed uint32, index int) float64 {
	return float64(bits(seed, index)) / 4294967296.0
}

// order returns the places of examples in the order of an epoch: each has a random number, and
// the smallest comes first.
func order(places []int, seed int64, epoch int) []int {
	if seed < 0 {
		return places
	}
	numbers := make([]uint32, len(places))
	for i := range places {
		numbers[i] = bits(uint32(seed), epoch*len(places)+i)
	}
	return sortedBy(places, numbers)
}

// isMissing tells whether a value is missing.
func isMissing(cell any) bool {
	if text, ok := cell.(string); ok {
		return slices.Contains(missing, bare(text))
	}
	if number, ok := numberIn(cell); ok {
		return math.IsNaN(number)
	}
	return cell == nil
}

// placeOf returns the place of a text among those that are listed; the one after the last if it
// is not.
func placeOf(text string, listed []string) int {
	for place, one := range listed {
		if bare(one) == text {
			return place
		}
	}
	return len(listed)
}

// numberOf returns the number of a column, also one written as a text, or what replaces a
// missing one.
func numberOf(column string, cell any, fill float64) (float64, error) {
	if isMissing(cell) {
		if math.IsNaN(fill) {
			return 0.0, refused(column, "a value, but the value is missing")
		}
		return fill, nil
	}
	found := math.NaN()
	if number, ok := numberIn(cell); ok {
		found = number
	} else if text, ok := cell.(string); ok {
		found = parsed(bare(text))
	}
	if math.Abs(found) <= 1e100 {
		return found, nil
	}
	return 0.0, refused(column, "a number up to 1e+100")
}

// isGap tells whether a value is missing in a column of texts: one that is listed is not.
func isGap(cell any, listed []string) bool {
	return isMissing(cell) && placeOfCell(cell, listed) == len(listed)
}

// placeIn returns the place of a value among the texts of a column; that of a missing one is
// the fill, if there is one.
//
// Unknown texts, if the column accepts them, have the place after the last.
func placeIn(column string, cell any, listed []string, fill int, unknown bool) (int, error) {
	if isGap(cell, listed) {
		if fill < 0 {
			return 0, refused(column, "a value, but the value is missing")
		}
		return fill, nil
	}
	place := placeOfCell(cell, listed)
	if place < len(listed) || unknown {
		return place, nil
	}
	return 0, refused(column, "one of the texts that are listed for it")
}

// placeOfCell returns the place of a value among the texts that are listed; the one after the
// last if it is not.
func placeOfCell(cell any, listed []string) int {
	for _, text := range textsOf(cell) {
		place := placeOf(text, listed)
		if place < len(listed) {
			return place
		}
	}
	return len(listed)
}

// textsOf returns the texts that stand for a value, as Python writes it.
func textsOf(cell any) []string {
	if text, ok := cell.(string); ok {
		return []string{bare(text)}
	}
	if truth, ok := cell.(bool); ok {
		if truth {
			return []string{"True", "true"}
		}
		return []string{"False", "false"}
	}
	return numberTexts(cell)
}
