// Package iris is a neural network: its equations forward and backward, and how it learns.
//
//	x: 4 -> hidden: 8 tanh -> output: 3 softmax
//
// Tells three species of iris apart by four measurements of a flower (Fisher, 1936). Two thirds
// of the flowers train the network; the others, which it never sees, show what it has learned.
//
// Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch. Training:
// gradient_descent, w = w - rate g, rate = 0.1; 100 epochs in batches of 10.
//
// dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a
// target; w_hidden1_sepal_length is the weight that leads to hidden1 from sepal_length.
//
// A product is written float64(x*y) where it is added: Go then rounds it first, as every target
// does, on all machines.
//
// Written by nngen from the spec iris: `nngen build` with that spec writes these bytes again.
// The file is yours: read it, change it, ship it.
package iris

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// The numbers of inputs, outputs and parameters.
const (
	Inputs     = 4
	Outputs    = 3
	Parameters = 67
)

// Params has all parameters, in the order of Layout.
type Params [Parameters]float64

// Seed is the seed of initial values in the spec.
const Seed = 1

// Forward returns the outputs of one example: 4 numbers → setosa, versicolor, virginica.
func Forward(params *Params, x [Inputs]float64) [Outputs]float64 {
	w_hidden1_sepal_length, w_hidden1_sepal_width := params[0], params[1]
	w_hidden1_petal_length, w_hidden1_petal_width := params[2], params[3]
	w_hidden2_sepal_length, w_hidden2_sepal_width := params[4], params[5]
	w_hidden2_petal_length, w_hidden2_petal_width := params[6], params[7]
	w_hidden3_sepal_length, w_hidden3_sepal_width := params[8], params[9]
	w_hidden3_petal_length, w_hidden3_petal_width := params[10], params[11]
	w_hidden4_sepal_length, w_hidden4_sepal_width := params[12], params[13]
	w_hidden4_petal_length, w_hidden4_petal_width := params[14], params[15]
	w_hidden5_sepal_length, w_hidden5_sepal_width := params[16], params[17]
	w_hidden5_petal_length, w_hidden5_petal_width := params[18], params[19]
	w_hidden6_sepal_length, w_hidden6_sepal_width := params[20], params[21]
	w_hidden6_petal_length, w_hidden6_petal_width := params[22], params[23]
	w_hidden7_sepal_length, w_hidden7_sepal_width := params[24], params[25]
	w_hidden7_petal_length, w_hidden7_petal_width := params[26], params[27]
	w_hidden8_sepal_length, w_hidden8_sepal_width := params[28], params[29]
	w_hidden8_petal_length, w_hidden8_petal_width := params[30], params[31]
	b_hidden1, b_hidden2, b_hidden3, b_hidden4 := params[32], params[33], params[34], params[35]
	b_hidden5, b_hidden6, b_hidden7, b_hidden8 := params[36], params[37], params[38], params[39]
	w_setosa_hidden1, w_setosa_hidden2, w_setosa_hidden3 := params[40], params[41], params[42]
	w_setosa_hidden4, w_setosa_hidden5, w_setosa_hidden6 := params[43], params[44], params[45]
	w_setosa_hidden7, w_setosa_hidden8 := params[46], params[47]
	w_versicolor_hidden1, w_versicolor_hidden2 := params[48], params[49]
	w_versicolor_hidden3, w_versicolor_hidden4 := params[50], params[51]
	w_versicolor_hidden5, w_versicolor_hidden6 := params[52], params[53]
	w_versicolor_hidden7, w_versicolor_hidden8 := params[54], params[55]
	w_virginica_hidden1, w_virginica_hidden2 := params[56], params[57]
	w_virginica_hidden3, w_virginica_hidden4 := params[58], params[59]
	w_virginica_hidden5, w_virginica_hidden6 := params[60], params[61]
	w_virginica_hidden7, w_virginica_hidden8 := params[62], params[63]
	b_setosa, b_versicolor, b_virginica := params[64], params[65], params[66]
	sepal_length, sepal_width, petal_length, petal_width := x[0], x[1], x[2], x[3]

	// hidden ← x: weighted sums, then tanh
	z_hidden1 := b_hidden1 +
		float64(w_hidden1_sepal_length*sepal_length) +
		float64(w_hidden1_sepal_width*sepal_width) +
		float64(w_hidden1_petal_length*petal_length) +
		float64(w_hidden1_petal_width*petal_width)
	z_hidden2 := b_hidden2 +
		float64(w_hidden2_sepal_length*sepal_length) +
		float64(w_hidden2_sepal_width*sepal_width) +
		float64(w_hidden2_petal_length*petal_length) +
		float64(w_hidden2_petal_width*petal_width)
	z_hidden3 := b_hidden3 +
		float64(w_hidden3_sepal_length*sepal_length) +
		float64(w_hidden3_sepal_width*sepal_width) +
		float64(w_hidden3_petal_length*petal_length) +
		float64(w_hidden3_petal_width*petal_width)
	z_hidden4 := b_hidden4 +
		float64(w_hidden4_sepal_length*sepal_length) +
		float64(w_hidden4_sepal_width*sepal_width) +
		float64(w_hidden4_petal_length*petal_length) +
		float64(w_hidden4_petal_width*petal_width)
	z_hidden5 := b_hidden5 +
		float64(w_hidden5_sepal_length*sepal_length) +
		float64(w_hidden5_sepal_width*sepal_width) +
		float64(w_hidden5_petal_length*petal_length) +
		float64(w_hidden5_petal_width*petal_width)
	z_hidden6 := b_hidden6 +
		float64(w_hidden6_sepal_length*sepal_length) +
		float64(w_hidden6_sepal_width*sepal_width) +
		float64(w_hidden6_petal_length*petal_length) +
		float64(w_hidden6_petal_width*petal_width)
	z_hidden7 := b_hidden7 +
		float64(w_hidden7_sepal_length*sepal_length) +
		float64(w_hidden7_sepal_width*sepal_width) +
		float64(w_hidden7_petal_length*petal_length) +
		float64(w_hidden7_petal_width*petal_width)
	z_hidden8 := b_hidden8 +
		float64(w_hidden8_sepal_length*sepal_length) +
		float64(w_hidden8_sepal_width*sepal_width) +
		float64(w_hidden8_petal_length*petal_length) +
		float64(w_hidden8_petal_width*petal_width)
	a_hidden1 := tanh(z_hidden1)
	a_hidden2 := tanh(z_hidden2)
	a_hidden3 := tanh(z_hidden3)
	a_hidden4 := tanh(z_hidden4)
	a_hidden5 := tanh(z_hidden5)
	a_hidden6 := tanh(z_hidden6)
	a_hidden7 := tanh(z_hidden7)
	a_hidden8 := tanh(z_hidden8)

	// output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
	// overflow)
	z_setosa := b_setosa +
		float64(w_setosa_hidden1*a_hidden1) +
		float64(w_setosa_hidden2*a_hidden2) +
		float64(w_setosa_hidden3*a_hidden3) +
		float64(w_setosa_hidden4*a_hidden4) +
		float64(w_setosa_hidden5*a_hidden5) +
		float64(w_setosa_hidden6*a_hidden6) +
		float64(w_setosa_hidden7*a_hidden7) +
		float64(w_setosa_hidden8*a_hidden8)
	z_versicolor := b_versicolor +
		float64(w_versicolor_hidden1*a_hidden1) +
		float64(w_versicolor_hidden2*a_hidden2) +
		float64(w_versicolor_hidden3*a_hidden3) +
		float64(w_versicolor_hidden4*a_hidden4) +
		float64(w_versicolor_hidden5*a_hidden5) +
		float64(w_versicolor_hidden6*a_hidden6) +
		float64(w_versicolor_hidden7*a_hidden7) +
		float64(w_versicolor_hidden8*a_hidden8)
	z_virginica := b_virginica +
		float64(w_virginica_hidden1*a_hidden1) +
		float64(w_virginica_hidden2*a_hidden2) +
		float64(w_virginica_hidden3*a_hidden3) +
		float64(w_virginica_hidden4*a_hidden4) +
		float64(w_virginica_hidden5*a_hidden5) +
		float64(w_virginica_hidden6*a_hidden6) +
		float64(w_virginica_hidden7*a_hidden7) +
		float64(w_virginica_hidden8*a_hidden8)
	top_output := largest(z_setosa, z_versicolor, z_virginica)
	e_setosa := exp(z_setosa - top_output)
	e_versicolor := exp(z_versicolor - top_output)
	e_virginica := exp(z_virginica - top_output)
	total_output := e_setosa + e_versicolor + e_virginica
	a_setosa := e_setosa / total_output
	a_versicolor := e_versicolor / total_output
	a_virginica := e_virginica / total_output

	return [Outputs]float64{a_setosa, a_versicolor, a_virginica}
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
	w_hidden1_sepal_length, w_hidden1_sepal_width := params[0], params[1]
	w_hidden1_petal_length, w_hidden1_petal_width := params[2], params[3]
	w_hidden2_sepal_length, w_hidden2_sepal_width := params[4], params[5]
	w_hidden2_petal_length, w_hidden2_petal_width := params[6], params[7]
	w_hidden3_sepal_length, w_hidden3_sepal_width := params[8], params[9]
	w_hidden3_petal_length, w_hidden3_petal_width := params[10], params[11]
	w_hidden4_sepal_length, w_hidden4_sepal_width := params[12], params[13]
	w_hidden4_petal_length, w_hidden4_petal_width := params[14], params[15]
	w_hidden5_sepal_length, w_hidden5_sepal_width := params[16], params[17]
	w_hidden5_petal_length, w_hidden5_petal_width := params[18], params[19]
	w_hidden6_sepal_length, w_hidden6_sepal_width := params[20], params[21]
	w_hidden6_petal_length, w_hidden6_petal_width := params[22], params[23]
	w_hidden7_sepal_length, w_hidden7_sepal_width := params[24], params[25]
	w_hidden7_petal_length, w_hidden7_petal_width := params[26], params[27]
	w_hidden8_sepal_length, w_hidden8_sepal_width := params[28], params[29]
	w_hidden8_petal_length, w_hidden8_petal_width := params[30], params[31]
	b_hidden1, b_hidden2, b_hidden3, b_hidden4 := params[32], params[33], params[34], params[35]
	b_hidden5, b_hidden6, b_hidden7, b_hidden8 := params[36], params[37], params[38], params[39]
	w_setosa_hidden1, w_setosa_hidden2, w_setosa_hidden3 := params[40], params[41], params[42]
	w_setosa_hidden4, w_setosa_hidden5, w_setosa_hidden6 := params[43], params[44], params[45]
	w_setosa_hidden7, w_setosa_hidden8 := params[46], params[47]
	w_versicolor_hidden1, w_versicolor_hidden2 := params[48], params[49]
	w_versicolor_hidden3, w_versicolor_hidden4 := params[50], params[51]
	w_versicolor_hidden5, w_versicolor_hidden6 := params[52], params[53]
	w_versicolor_hidden7, w_versicolor_hidden8 := params[54], params[55]
	w_virginica_hidden1, w_virginica_hidden2 := params[56], params[57]
	w_virginica_hidden3, w_virginica_hidden4 := params[58], params[59]
	w_virginica_hidden5, w_virginica_hidden6 := params[60], params[61]
	w_virginica_hidden7, w_virginica_hidden8 := params[62], params[63]
	b_setosa, b_versicolor, b_virginica := params[64], params[65], params[66]
	sepal_length, sepal_width, petal_length, petal_width := x[0], x[1], x[2], x[3]
	y_setosa, y_versicolor, y_virginica := y[0], y[1], y[2]

	// hidden ← x: weighted sums, then tanh
	z_hidden1 := b_hidden1 +
		float64(w_hidden1_sepal_length*sepal_length) +
		float64(w_hidden1_sepal_width*sepal_width) +
		float64(w_hidden1_petal_length*petal_length) +
		float64(w_hidden1_petal_width*petal_width)
	z_hidden2 := b_hidden2 +
		float64(w_hidden2_sepal_length*sepal_length) +
		float64(w_hidden2_sepal_width*sepal_width) +
		float64(w_hidden2_petal_length*petal_length) +
		float64(w_hidden2_petal_width*petal_width)
	z_hidden3 := b_hidden3 +
		float64(w_hidden3_sepal_length*sepal_length) +
		float64(w_hidden3_sepal_width*sepal_width) +
		float64(w_hidden3_petal_length*petal_length) +
		float64(w_hidden3_petal_width*petal_width)
	z_hidden4 := b_hidden4 +
		float64(w_hidden4_sepal_length*sepal_length) +
		float64(w_hidden4_sepal_width*sepal_width) +
		float64(w_hidden4_petal_length*petal_length) +
		float64(w_hidden4_petal_width*petal_width)
	z_hidden5 := b_hidden5 +
		float64(w_hidden5_sepal_length*sepal_length) +
		float64(w_hidden5_sepal_width*sepal_width) +
		float64(w_hidden5_petal_length*petal_length) +
		float64(w_hidden5_petal_width*petal_width)
	z_hidden6 := b_hidden6 +
		float64(w_hidden6_sepal_length*sepal_length) +
		float64(w_hidden6_sepal_width*sepal_width) +
		float64(w_hidden6_petal_length*petal_length) +
		float64(w_hidden6_petal_width*petal_width)
	z_hidden7 := b_hidden7 +
		float64(w_hidden7_sepal_length*sepal_length) +
		float64(w_hidden7_sepal_width*sepal_width) +
		float64(w_hidden7_petal_length*petal_length) +
		float64(w_hidden7_petal_width*petal_width)
	z_hidden8 := b_hidden8 +
		float64(w_hidden8_sepal_length*sepal_length) +
		float64(w_hidden8_sepal_width*sepal_width) +
		float64(w_hidden8_petal_length*petal_length) +
		float64(w_hidden8_petal_width*petal_width)
	a_hidden1 := tanh(z_hidden1)
	a_hidden2 := tanh(z_hidden2)
	a_hidden3 := tanh(z_hidden3)
	a_hidden4 := tanh(z_hidden4)
	a_hidden5 := tanh(z_hidden5)
	a_hidden6 := tanh(z_hidden6)
	a_hidden7 := tanh(z_hidden7)
	a_hidden8 := tanh(z_hidden8)

	// output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
	// overflow)
	z_setosa := b_setosa +
		float64(w_setosa_hidden1*a_hidden1) +
		float64(w_setosa_hidden2*a_hidden2) +
		float64(w_setosa_hidden3*a_hidden3) +
		float64(w_setosa_hidden4*a_hidden4) +
		float64(w_setosa_hidden5*a_hidden5) +
		float64(w_setosa_hidden6*a_hidden6) +
		float64(w_setosa_hidden7*a_hidden7) +
		float64(w_setosa_hidden8*a_hidden8)
	z_versicolor := b_versicolor +
		float64(w_versicolor_hidden1*a_hidden1) +
		float64(w_versicolor_hidden2*a_hidden2) +
		float64(w_versicolor_hidden3*a_hidden3) +
		float64(w_versicolor_hidden4*a_hidden4) +
		float64(w_versicolor_hidden5*a_hidden5) +
		float64(w_versicolor_hidden6*a_hidden6) +
		float64(w_versicolor_hidden7*a_hidden7) +
		float64(w_versicolor_hidden8*a_hidden8)
	z_virginica := b_virginica +
		float64(w_virginica_hidden1*a_hidden1) +
		float64(w_virginica_hidden2*a_hidden2) +
		float64(w_virginica_hidden3*a_hidden3) +
		float64(w_virginica_hidden4*a_hidden4) +
		float64(w_virginica_hidden5*a_hidden5) +
		float64(w_virginica_hidden6*a_hidden6) +
		float64(w_virginica_hidden7*a_hidden7) +
		float64(w_virginica_hidden8*a_hidden8)
	top_output := largest(z_setosa, z_versicolor, z_virginica)
	e_setosa := exp(z_setosa - top_output)
	e_versicolor := exp(z_versicolor - top_output)
	e_virginica := exp(z_virginica - top_output)
	total_output := e_setosa + e_versicolor + e_virginica
	a_setosa := e_setosa / total_output
	a_versicolor := e_versicolor / total_output
	a_virginica := e_virginica / total_output

	// the loss: cross_entropy
	loss := float64(y_setosa*(log(total_output)-(z_setosa-top_output))) +
		float64(y_versicolor*(log(total_output)-(z_versicolor-top_output))) +
		float64(y_virginica*(log(total_output)-(z_virginica-top_output)))
	if slopes == nil {
		return loss
	}
	// output: the slopes of softmax and of the logarithm cancel, only the difference remains
	dz_setosa := a_setosa - y_setosa
	dz_versicolor := a_versicolor - y_versicolor
	dz_virginica := a_virginica - y_virginica
	dw_setosa_hidden1 := float64(dz_setosa * a_hidden1)
	dw_setosa_hidden2 := float64(dz_setosa * a_hidden2)
	dw_setosa_hidden3 := float64(dz_setosa * a_hidden3)
	dw_setosa_hidden4 := float64(dz_setosa * a_hidden4)
	dw_setosa_hidden5 := float64(dz_setosa * a_hidden5)
	dw_setosa_hidden6 := float64(dz_setosa * a_hidden6)
	dw_setosa_hidden7 := float64(dz_setosa * a_hidden7)
	dw_setosa_hidden8 := float64(dz_setosa * a_hidden8)
	dw_versicolor_hidden1 := float64(dz_versicolor * a_hidden1)
	dw_versicolor_hidden2 := float64(dz_versicolor * a_hidden2)
	dw_versicolor_hidden3 := float64(dz_versicolor * a_hidden3)
	dw_versicolor_hidden4 := float64(dz_versicolor * a_hidden4)
	dw_versicolor_hidden5 := float64(dz_versicolor * a_hidden5)
	dw_versicolor_hidden6 := float64(dz_versicolor * a_hidden6)
	dw_versicolor_hidden7 := float64(dz_versicolor * a_hidden7)
	dw_versicolor_hidden8 := float64(dz_versicolor * a_hidden8)
	dw_virginica_hidden1 := float64(dz_virginica * a_hidden1)
	dw_virginica_hidden2 := float64(dz_virginica * a_hidden2)
	dw_virginica_hidden3 := float64(dz_virginica * a_hidden3)
	dw_virginica_hidden4 := float64(dz_virginica * a_hidden4)
	dw_virginica_hidden5 := float64(dz_virginica * a_hidden5)
	dw_virginica_hidden6 := float64(dz_virginica * a_hidden6)
	dw_virginica_hidden7 := float64(dz_virginica * a_hidden7)
	dw_virginica_hidden8 := float64(dz_virginica * a_hidden8)
	db_setosa := dz_setosa
	db_versicolor := dz_versicolor
	db_virginica := dz_virginica

	// hidden ← output: the error flows back along the same weights
	da_hidden1 := float64(dz_setosa*w_setosa_hidden1) +
		float64(dz_versicolor*w_versicolor_hidden1) +
		float64(dz_virginica*w_virginica_hidden1)
	da_hidden2 := float64(dz_setosa*w_setosa_hidden2) +
		float64(dz_versicolor*w_versicolor_hidden2) +
		float64(dz_virginica*w_virginica_hidden2)
	da_hidden3 := float64(dz_setosa*w_setosa_hidden3) +
		float64(dz_versicolor*w_versicolor_hidden3) +
		float64(dz_virginica*w_virginica_hidden3)
	da_hidden4 := float64(dz_setosa*w_setosa_hidden4) +
		float64(dz_versicolor*w_versicolor_hidden4) +
		float64(dz_virginica*w_virginica_hidden4)
	da_hidden5 := float64(dz_setosa*w_setosa_hidden5) +
		float64(dz_versicolor*w_versicolor_hidden5) +
		float64(dz_virginica*w_virginica_hidden5)
	da_hidden6 := float64(dz_setosa*w_setosa_hidden6) +
		float64(dz_versicolor*w_versicolor_hidden6) +
		float64(dz_virginica*w_virginica_hidden6)
	da_hidden7 := float64(dz_setosa*w_setosa_hidden7) +
		float64(dz_versicolor*w_versicolor_hidden7) +
		float64(dz_virginica*w_virginica_hidden7)
	da_hidden8 := float64(dz_setosa*w_setosa_hidden8) +
		float64(dz_versicolor*w_versicolor_hidden8) +
		float64(dz_virginica*w_virginica_hidden8)
	dz_hidden1 := float64(da_hidden1 * (1.0 - float64(a_hidden1*a_hidden1)))
	dz_hidden2 := float64(da_hidden2 * (1.0 - float64(a_hidden2*a_hidden2)))
	dz_hidden3 := float64(da_hidden3 * (1.0 - float64(a_hidden3*a_hidden3)))
	dz_hidden4 := float64(da_hidden4 * (1.0 - float64(a_hidden4*a_hidden4)))
	dz_hidden5 := float64(da_hidden5 * (1.0 - float64(a_hidden5*a_hidden5)))
	dz_hidden6 := float64(da_hidden6 * (1.0 - float64(a_hidden6*a_hidden6)))
	dz_hidden7 := float64(da_hidden7 * (1.0 - float64(a_hidden7*a_hidden7)))
	dz_hidden8 := float64(da_hidden8 * (1.0 - float64(a_hidden8*a_hidden8)))
	dw_hidden1_sepal_length := float64(dz_hidden1 * sepal_length)
	dw_hidden1_sepal_width := float64(dz_hidden1 * sepal_width)
	dw_hidden1_petal_length := float64(dz_hidden1 * petal_length)
	dw_hidden1_petal_width := float64(dz_hidden1 * petal_width)
	dw_hidden2_sepal_length := float64(dz_hidden2 * sepal_length)
	dw_hidden2_sepal_width := float64(dz_hidden2 * sepal_width)
	dw_hidden2_petal_length := float64(dz_hidden2 * petal_length)
	dw_hidden2_petal_width := float64(dz_hidden2 * petal_width)
	dw_hidden3_sepal_length := float64(dz_hidden3 * sepal_length)
	dw_hidden3_sepal_width := float64(dz_hidden3 * sepal_width)
	dw_hidden3_petal_length := float64(dz_hidden3 * petal_length)
	dw_hidden3_petal_width := float64(dz_hidden3 * petal_width)
	dw_hidden4_sepal_length := float64(dz_hidden4 * sepal_length)
	dw_hidden4_sepal_width := float64(dz_hidden4 * sepal_width)
	dw_hidden4_petal_length := float64(dz_hidden4 * petal_length)
	dw_hidden4_petal_width := float64(dz_hidden4 * petal_width)
	dw_hidden5_sepal_length := float64(dz_hidden5 * sepal_length)
	dw_hidden5_sepal_width := float64(dz_hidden5 * sepal_width)
	dw_hidden5_petal_length := float64(dz_hidden5 * petal_length)
	dw_hidden5_petal_width := float64(dz_hidden5 * petal_width)
	dw_hidden6_sepal_length := float64(dz_hidden6 * sepal_length)
	dw_hidden6_sepal_width := float64(dz_hidden6 * sepal_width)
	dw_hidden6_petal_length := float64(dz_hidden6 * petal_length)
	dw_hidden6_petal_width := float64(dz_hidden6 * petal_width)
	dw_hidden7_sepal_length := float64(dz_hidden7 * sepal_length)
	dw_hidden7_sepal_width := float64(dz_hidden7 * sepal_width)
	dw_hidden7_petal_length := float64(dz_hidden7 * petal_length)
	dw_hidden7_petal_width := float64(dz_hidden7 * petal_width)
	dw_hidden8_sepal_length := float64(dz_hidden8 * sepal_length)
	dw_hidden8_sepal_width := float64(dz_hidden8 * sepal_width)
	dw_hidden8_petal_length := float64(dz_hidden8 * petal_length)
	dw_hidden8_petal_width := float64(dz_hidden8 * petal_width)
	db_hidden1 := dz_hidden1
	db_hidden2 := dz_hidden2
	db_hidden3 := dz_hidden3
	db_hidden4 := dz_hidden4
	db_hidden5 := dz_hidden5
	db_hidden6 := dz_hidden6
	db_hidden7 := dz_hidden7
	db_hidden8 := dz_hidden8

	slopes[0] += dw_hidden1_sepal_length
	slopes[1] += dw_hidden1_sepal_width
	slopes[2] += dw_hidden1_petal_length
	slopes[3] += dw_hidden1_petal_width
	slopes[4] += dw_hidden2_sepal_length
	slopes[5] += dw_hidden2_sepal_width
	slopes[6] += dw_hidden2_petal_length
	slopes[7] += dw_hidden2_petal_width
	slopes[8] += dw_hidden3_sepal_length
	slopes[9] += dw_hidden3_sepal_width
	slopes[10] += dw_hidden3_petal_length
	slopes[11] += dw_hidden3_petal_width
	slopes[12] += dw_hidden4_sepal_length
	slopes[13] += dw_hidden4_sepal_width
	slopes[14] += dw_hidden4_petal_length
	slopes[15] += dw_hidden4_petal_width
	slopes[16] += dw_hidden5_sepal_length
	slopes[17] += dw_hidden5_sepal_width
	slopes[18] += dw_hidden5_petal_length
	slopes[19] += dw_hidden5_petal_width
	slopes[20] += dw_hidden6_sepal_length
	slopes[21] += dw_hidden6_sepal_width
	slopes[22] += dw_hidden6_petal_length
	slopes[23] += dw_hidden6_petal_width
	slopes[24] += dw_hidden7_sepal_length
	slopes[25] += dw_hidden7_sepal_width
	slopes[26] += dw_hidden7_petal_length
	slopes[27] += dw_hidden7_petal_width
	slopes[28] += dw_hidden8_sepal_length
	slopes[29] += dw_hidden8_sepal_width
	slopes[30] += dw_hidden8_petal_length
	slopes[31] += dw_hidden8_petal_width
	slopes[32] += db_hidden1
	slopes[33] += db_hidden2
	slopes[34] += db_hidden3
	slopes[35] += db_hidden4
	slopes[36] += db_hidden5
	slopes[37] += db_hidden6
	slopes[38] += db_hidden7
	slopes[39] += db_hidden8
	slopes[40] += dw_setosa_hidden1
	slopes[41] += dw_setosa_hidden2
	slopes[42] += dw_setosa_hidden3
	slopes[43] += dw_setosa_hidden4
	slopes[44] += dw_setosa_hidden5
	slopes[45] += dw_setosa_hidden6
	slopes[46] += dw_setosa_hidden7
	slopes[47] += dw_setosa_hidden8
	slopes[48] += dw_versicolor_hidden1
	slopes[49] += dw_versicolor_hidden2
	slopes[50] += dw_versicolor_hidden3
	slopes[51] += dw_versicolor_hidden4
	slopes[52] += dw_versicolor_hidden5
	slopes[53] += dw_versicolor_hidden6
	slopes[54] += dw_versicolor_hidden7
	slopes[55] += dw_versicolor_hidden8
	slopes[56] += dw_virginica_hidden1
	slopes[57] += dw_virginica_hidden2
	slopes[58] += dw_virginica_hidden3
	slopes[59] += dw_virginica_hidden4
	slopes[60] += dw_virginica_hidden5
	slopes[61] += dw_virginica_hidden6
	slopes[62] += dw_virginica_hidden7
	slopes[63] += dw_virginica_hidden8
	slopes[64] += db_setosa
	slopes[65] += db_versicolor
	slopes[66] += db_virginica
	return loss
}

// --- Below: training and predictions. ---

// subtract has what is subtracted from each number of the data.
var subtract = [Inputs]float64{5.855, 3.03, 3.8169999999999997, 1.2329999999999999}

// divide has what the rest is divided by.
var divide = [Inputs]float64{
	0.865028901251282, 0.420356991139674, 1.7515167712585569, 0.7607962933663649,
}

// Scale returns the inputs of the network, from the numbers of the data.
func Scale(x [Inputs]float64) [Inputs]float64 {
	scaled := [Inputs]float64{}
	for i, value := range x {
		scaled[i] = (value - subtract[i]) / divide[i]
	}
	return scaled
}

// Columns has the columns of a row, as the data name them.
var Columns = [4]string{"sepal_length", "sepal_width", "petal_length", "petal_width"}

// Row is a row of the data, a cell for each column: a float64, float32, int, int32 or int64, a
// string, a bool, or nil for a missing value.
type Row [4]any

// Classes has the classes in the order of the outputs.
var Classes = [3]string{"setosa", "versicolor", "virginica"}

// missing has the texts that mean a missing value.
var missing = []string{"", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?"}

// Encode returns the inputs of the network for a row of the data.
func Encode(row Row) ([Inputs]float64, error) {
	x := [Inputs]float64{}
	for i, column := range Columns {
		number, err := numberOf(column, row[i], math.NaN())
		if err != nil {
			return [Inputs]float64{}, err
		}
		x[i] = number
	}
	return Scale(x), nil
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

// State is what gradient_descent remembers from step to step: empty.
type State struct{}

// InitState returns the state before the first step.
func InitState() *State {
	return new(State)
}

// Step makes one step of gradient_descent, in place.
func Step(params, slopes *Params, state *State) {
	for i := 0; i < Parameters; i++ {
		params[i] = params[i] - float64(0.1*slopes[i])
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
	return Settings{Epochs: 100, BatchSize: 10, Seed: 0}
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
	for i := 0; i < 32; i++ {
		params[i] = float64(math.Sqrt(6.0/12.0) * (float64(2.0*uniform(seed, i)) - 1.0))
	}
	for i := 40; i < 64; i++ {
		params[i] = float64(math.Sqrt(6.0/11.0) * (float64(2.0*uniform(seed, i)) - 1.0))
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

// tanh returns the hyperbolic tangent.
func tanh(x float64) float64 { return math.Tanh(x) }

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
