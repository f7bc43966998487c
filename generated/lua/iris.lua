--- iris, a neural network: its equations forward and backward, and how it learns.
--
--     x: 4 -> hidden: 8 tanh -> output: 3 softmax
--
-- Tells three species of iris apart by four measurements of a flower (Fisher, 1936). Two thirds of the flowers train
-- the network; the others, which it never sees, show what it has learned.
--
-- Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch. Training: gradient_descent, w = w -
-- rate g, rate = 0.1; 100 epochs in batches of 10.
--
-- dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; W_hidden[i][j]
-- is the weight that leads to unit i of hidden from unit j of x.
--
-- Written by nngen from the spec iris: `nngen build` with that spec writes these bytes again. The file is yours: read
-- it, change it, ship it.
--
-- Lists are tables that count from 1. Functions refuse wrong arguments with an error, a text that names them.
local M = {}
-- what the module keeps for itself, stated below
local AT, add_gradient, SUBTRACT, DIVIDE, MISSING, check_outputs, train_batch, check_example, check_examples,
    parsed, contains, without, check_size, clear, with_defaults, filled, sorted_by, xor, multiply, maximum, largest,
    expm1, tanh, add_rows, add_columns, add_outer, add, bits, uniform, order, is_missing, number_of

--- The numbers of inputs, outputs and parameters.
M.INPUTS, M.OUTPUTS, M.PARAMETERS = 4, 3, 67

--- The seed of initial values in the spec.
M.SEED = 1

-- where each matrix and vector begins among the parameters: W_hidden[i][j] is params[AT.W_hidden + 4 * (i - 1) + j]
AT = {W_hidden = 0, b_hidden = 32, W_output = 40, b_output = 64}

--- The outputs of one example: 4 numbers → setosa, versicolor, virginica.
function M.forward(params, x)
    check_size("params", params, M.PARAMETERS)
    check_size("x", x, M.INPUTS)

    -- hidden ← x: weighted sums, then tanh
    local z_hidden = table.move(params, AT.b_hidden + 1, AT.b_hidden + 8, 1, {})
    add_rows(z_hidden, params, AT.W_hidden, x)
    local a_hidden = {}
    for i = 1, 8 do
        a_hidden[i] = tanh(z_hidden[i])
    end

    -- output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
    local z_output = table.move(params, AT.b_output + 1, AT.b_output + 3, 1, {})
    add_rows(z_output, params, AT.W_output, a_hidden)
    local top_output = largest(z_output)
    local e_output = {}
    for i = 1, 3 do
        e_output[i] = math.exp(z_output[i] - top_output)
    end
    local total_output = 0.0
    for i = 1, 3 do
        total_output = total_output + e_output[i]
    end
    local a_output = {}
    for i = 1, 3 do
        a_output[i] = e_output[i] / total_output
    end

    return a_output
end

--- The loss of one example.
function M.loss(params, x, y)
    check_example(params, x, y)
    return add_gradient(params, x, y, nil)
end

--- The loss, and its slope with respect to each parameter.
function M.gradient(params, x, y)
    check_example(params, x, y)
    local slopes = filled(M.PARAMETERS, 0.0)
    local loss = add_gradient(params, x, y, slopes)
    return loss, slopes
end

--- The loss; its derivatives are added to the slopes, if there are any.
function add_gradient(params, x, y, slopes)
    local y_output = y

    -- hidden ← x: weighted sums, then tanh
    local z_hidden = table.move(params, AT.b_hidden + 1, AT.b_hidden + 8, 1, {})
    add_rows(z_hidden, params, AT.W_hidden, x)
    local a_hidden = {}
    for i = 1, 8 do
        a_hidden[i] = tanh(z_hidden[i])
    end

    -- output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
    local z_output = table.move(params, AT.b_output + 1, AT.b_output + 3, 1, {})
    add_rows(z_output, params, AT.W_output, a_hidden)
    local top_output = largest(z_output)
    local e_output = {}
    for i = 1, 3 do
        e_output[i] = math.exp(z_output[i] - top_output)
    end
    local total_output = 0.0
    for i = 1, 3 do
        total_output = total_output + e_output[i]
    end
    local a_output = {}
    for i = 1, 3 do
        a_output[i] = e_output[i] / total_output
    end

    -- the loss: cross_entropy
    local loss = 0.0
    for i = 1, 3 do
        loss = loss + y_output[i] * (math.log(total_output) - (z_output[i] - top_output))
    end
    if not slopes then
        return loss
    end
    -- output: the slopes of softmax and of the logarithm cancel, only the difference remains
    local dz_output = {}
    for i = 1, 3 do
        dz_output[i] = a_output[i] - y_output[i]
    end
    add_outer(slopes, AT.W_output, dz_output, a_hidden)
    add(slopes, AT.b_output, dz_output)

    -- hidden ← output: the error flows back along the same weights
    local da_hidden = filled(8, 0.0)
    add_columns(da_hidden, params, AT.W_output, dz_output)
    local dz_hidden = {}
    for i = 1, 8 do
        dz_hidden[i] = da_hidden[i] * (1.0 - a_hidden[i] * a_hidden[i])
    end
    add_outer(slopes, AT.W_hidden, dz_hidden, x)
    add(slopes, AT.b_hidden, dz_hidden)

    return loss
end

-- --- Below: training and predictions. ---

--- What is subtracted from each number of the data.
SUBTRACT = {5.855, 3.03, 3.8169999999999997, 1.2329999999999999}

--- What the rest is divided by.
DIVIDE = {0.865028901251282, 0.420356991139674, 1.7515167712585569, 0.7607962933663649}

--- The inputs of the network, from the numbers of the data.
function M.scale(x)
    check_size("x", x, M.INPUTS)
    local scaled = filled(M.INPUTS, 0.0)
    for i, value in ipairs(x) do
        scaled[i] = (value - SUBTRACT[i]) / DIVIDE[i]
    end
    return scaled
end

--- The columns of a row, as the data name them.
M.COLUMNS = {"sepal_length", "sepal_width", "petal_length", "petal_width"}

--- The classes in the order of the outputs.
M.CLASSES = {"setosa", "versicolor", "virginica"}

--- The texts that mean a missing value.
MISSING = {"", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?"}

--- The inputs of the network for a row of the data: a table by the names of columns. What is not in it is missing.
function M.encode(row)
    local x = filled(M.INPUTS, 0.0)
    for i, column in ipairs(M.COLUMNS) do
        local number = number_of(column, row[column], nil)
        x[i] = number
    end
    return M.scale(x)
end

--- The class that the outputs stand for.
function M.decode(outputs)
    check_outputs(outputs)
    local best = 0
    for i, output in ipairs(outputs) do
        if output > outputs[best + 1] then
            best = i - 1
        end
    end
    return M.CLASSES[best + 1]
end

--- The answer for a row of the data.
function M.predict(params, row)
    return M.decode(M.forward(params, M.encode(row)))
end

--- The probability of each of CLASSES for a row of the data.
function M.predict_proba(params, row)
    local outputs = M.forward(params, M.encode(row))
    check_outputs(outputs)
    return outputs
end

--- Refuse outputs that are no numbers: NaN comes of numbers that are too large.
function check_outputs(outputs)
    check_size("outputs", outputs, M.OUTPUTS)
    for _, output in ipairs(outputs) do
        if output ~= output then
            error("outputs: expected numbers, not NaN", 0)
        end
    end
end

--- The state before the first step. What gradient_descent remembers from step to step: empty.
function M.init_state()
    return {}
end

--- Make one step of gradient_descent, in place.
function M.step(params, slopes, state)
    check_size("params", params, M.PARAMETERS)
    check_size("slopes", slopes, M.PARAMETERS)
    for i = 1, M.PARAMETERS do
        params[i] = params[i] - 0.1 * slopes[i]
    end
end

--- How `fit` trains if its settings say nothing else; false takes all examples in one step, or in order.
M.DEFAULTS = {epochs = 100, batch_size = 10, seed = 0}

--- Make gradient and step in one, in place, and return the loss before the step.
function M.train_step(params, x, y, state)
    check_example(params, x, y)
    local slopes = filled(M.PARAMETERS, 0.0)
    local loss = add_gradient(params, x, y, slopes)
    M.step(params, slopes, state)
    return loss
end

--- Train on examples, in place, and return the loss of each epoch, measured before each step.
--
-- Each epoch takes the examples in a new random order, or as they are if `seed` is false. After each epoch, `fit`
-- calls `callback(epoch, loss, params)`; a true result ends training.
function M.fit(params, xs, ys, settings, callback)
    settings = with_defaults(settings)
    local size = settings.batch_size or #xs
    if #xs == 0 or #xs ~= #ys or size < 1 then
        error("xs: expected as many as ys, at least 1, in batches of at least 1", 0)
    end
    check_examples(params, xs, ys, settings.seed)
    local places = {}
    for i = 0, #xs - 1 do
        places[i + 1] = i
    end
    local epoch = 0
    local state = M.init_state()
    local slopes = filled(M.PARAMETERS, 0.0)
    local history = {}
    while epoch < settings.epochs do
        local loss_of_epoch = 0.0
        local drawn = order(places, settings.seed, epoch)
        for first = 0, #drawn - 1, size do
            local batch = table.move(drawn, first + 1, math.min(first + size, #drawn), 1, {})
            local whole = #batch
            local loss = train_batch(params, xs, ys, batch, whole, slopes, state)
            loss_of_epoch = loss_of_epoch + loss * whole
        end
        loss_of_epoch = loss_of_epoch / #places
        history[#history + 1] = loss_of_epoch
        epoch = epoch + 1
        if callback and callback(epoch - 1, loss_of_epoch, params) then
            break
        end
    end
    return history
end

--- Make a step on the examples of a batch, in place, and return their loss before the step.
function train_batch(params, xs, ys, batch, whole, slopes, state)
    local loss = 0.0
    for _, k in ipairs(batch) do
        loss = loss + add_gradient(params, xs[k + 1], ys[k + 1], slopes)
    end
    loss = loss / whole
    for i = 1, M.PARAMETERS do
        slopes[i] = slopes[i] / whole
    end
    M.step(params, slopes, state)
    clear(slopes)
    return loss
end

--- Initial parameters: a seed gives the same numbers in the module of every target.
function M.init(seed)
    seed = seed or M.SEED
    local params = filled(M.PARAMETERS, 0.0)
    for i = 0, 31 do
        params[i + 1] = math.sqrt(6.0 / 12.0) * (2.0 * uniform(seed, i) - 1.0)
    end
    for i = 40, 63 do
        params[i + 1] = math.sqrt(6.0 / 11.0) * (2.0 * uniform(seed, i) - 1.0)
    end
    return params
end

--- Refuse an example of other sizes.
function check_example(params, x, y)
    check_size("params", params, M.PARAMETERS)
    check_size("x", x, M.INPUTS)
    check_size("y", y, M.OUTPUTS)
end

--- Refuse examples of other sizes.
function check_examples(params, xs, ys, seed)
    check_size("params", params, M.PARAMETERS)
    for k = 1, #xs do
        check_size("xs", xs[k], M.INPUTS)
        check_size("ys", ys[k], M.OUTPUTS)
    end
    if seed and seed % 1 ~= 0 then
        error("seed: expected a whole number", 0)
    end
end

--- The number of a text such as -012.5e3; NaN if it is none.
function parsed(text)
    local decimal = text:find("^[+-]?%.?[0-9]") and not text:find("[^0-9.eE+-]")
    return decimal and tonumber(text:find("[eE]") and text or text .. "e0") or 0 / 0
end

--- Whether a text is one of some texts.
function contains(texts, text)
    for _, one in ipairs(texts) do
        if one == text then
            return true
        end
    end
    return false
end

--- A text without signs that do not count around it.
function without(text, signs)
    local first, last = 1, #text
    while first <= last and signs:find(text:sub(first, first), 1, true) do
        first = first + 1
    end
    while first <= last and signs:find(text:sub(last, last), 1, true) do
        last = last - 1
    end
    return text:sub(first, last)
end

--- Refuse a list of another size.
function check_size(place, values, size)
    if type(values) ~= "table" or #values ~= size then
        error(place .. ": expected a list of " .. size, 0)
    end
end

--- Set all to 0.
function clear(slopes)
    for i = 1, #slopes do
        slopes[i] = 0.0
    end
end

--- The settings of a training, with those of the spec where it says nothing.
function with_defaults(settings)
    return setmetatable({}, {__index = function(_, name)
        if settings and settings[name] ~= nil then
            return settings[name]
        end
        return M.DEFAULTS[name]
    end})
end

--- A list of the same values.
function filled(count, value)
    local values = {}
    for i = 1, count do
        values[i] = value
    end
    return values
end

--- Values in the increasing order of their keys; those with equal keys keep their order.
function sorted_by(values, keys)
    local at = {}
    for i = 1, #keys do
        at[i] = i
    end
    table.sort(at, function(a, b)
        return keys[a] < keys[b] or keys[a] == keys[b] and a < b
    end)
    local found = {}
    for i, place in ipairs(at) do
        found[i] = values[place]
    end
    return found
end

--- The exclusive or of two numbers of 32 bits: a function of LuaJIT, and in Lua an operator, which LuaJIT cannot read.
xor = package.loaded.bit and function(a, b)
    return package.loaded.bit.bxor(a, b) % 4294967296
end or _G.load("local a, b = ... return a ~ b")

--- The product of two numbers of 32 bits without its higher bits. A float is exact up to 2^53.
function multiply(a, b)
    return (math.floor(a / 65536) * b % 65536 * 65536 + a % 65536 * b) % 4294967296
end

--- The greater number; NaN if one is NaN.
function maximum(a, b)
    return (b > a or b ~= b) and b or a
end

--- The largest number; NaN if one is NaN.
function largest(values)
    local top = values[1]
    for _, value in ipairs(values) do
        top = maximum(top, value)
    end
    return top
end

--- exp(x) - 1, also near 0: the rounding errors of both factors cancel (Kahan).
function expm1(x)
    local u = math.exp(x)
    if u == 1.0 then
        return x
    end
    if u - 1.0 == -1.0 or u == math.huge then
        return u - 1.0
    end
    return (u - 1.0) * x / math.log(u)
end

--- The hyperbolic tangent, whose exponential function cannot overflow.
function tanh(x)
    local e = expm1(-2.0 * math.abs(x))
    local size = -e / (2.0 + e)
    return x < 0.0 and -size or size
end

--- Add to each of z the sum of products of x with a row of the matrix that begins at start.
--
-- This is done for four rows at a time, as each addition waits for the one before it.
function add_rows(z, params, start, x)
    local size = #x
    local place = start
    local i = 0
    while i + 3 < #z do
        local sum0 = 0.0
        local sum1 = 0.0
        local sum2 = 0.0
        local sum3 = 0.0
        for _, value in ipairs(x) do
            sum0 = sum0 + params[place + 1] * value
            sum1 = sum1 + params[place + size + 1] * value
            sum2 = sum2 + params[place + 2 * size + 1] * value
            sum3 = sum3 + params[place + 3 * size + 1] * value
            place = place + 1
        end
        z[i + 1] = z[i + 1] + sum0
        z[i + 2] = z[i + 2] + sum1
        z[i + 3] = z[i + 3] + sum2
        z[i + 4] = z[i + 4] + sum3
        place = place + 3 * size
        i = i + 4
    end
    while i < #z do
        local total = 0.0
        for _, value in ipairs(x) do
            total = total + params[place + 1] * value
            place = place + 1
        end
        z[i + 1] = z[i + 1] + total
        i = i + 1
    end
end

--- Add to each of da the sum of products of dz with a column of the matrix that begins at start.
function add_columns(da, params, start, dz)
    for i = 0, #dz - 1 do
        local row = start + i * #da
        local factor = dz[i + 1]
        for j = 0, #da - 1 do
            da[j + 1] = da[j + 1] + params[row + j + 1] * factor
        end
    end
end

--- Add the product of each number of dz with each of x to the matrix that begins at start.
function add_outer(slopes, start, dz, x)
    for i = 0, #dz - 1 do
        local row = start + i * #x
        local factor = dz[i + 1]
        for j = 0, #x - 1 do
            slopes[row + j + 1] = slopes[row + j + 1] + factor * x[j + 1]
        end
    end
end

--- Add a vector to the one that begins at start.
function add(sums, start, values)
    local place = start
    for _, value in ipairs(values) do
        sums[place + 1] = sums[place + 1] + value
        place = place + 1
    end
end

--- The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic.
function bits(seed, index)
    local h = 0
    for _, word in ipairs({index % 4294967296, seed % 4294967296}) do
        h = (h + word + 0x9e3779b9) % 4294967296
        h = multiply(xor(h, math.floor(h / 65536)), 0x21f0aaad)
        h = multiply(xor(h, math.floor(h / 32768)), 0x735a2d97)
        h = xor(h, math.floor(h / 32768))
    end
    return h
end

--- The index-th random number of this seed, uniform from 0 to 1.
function uniform(seed, index)
    return bits(seed, index) / 4294967296.0
end

--- The places of examples in the order of an epoch: each has a random number, and the smallest comes first.
function order(places, seed, epoch)
    if not seed then
        return places
    end
    local numbers = {}
    for i = 0, #places - 1 do
        numbers[i + 1] = bits(seed, epoch * #places + i)
    end
    return sorted_by(places, numbers)
end

--- Whether a value is missing.
function is_missing(cell)
    if type(cell) == "string" then
        return contains(MISSING, without(cell, " \t\n\v\f\r"))
    end
    if type(cell) == "number" then
        return cell ~= cell
    end
    return cell == nil
end

--- The number of a column, also one written as a text, or what replaces a missing one.
function number_of(column, cell, fill)
    if is_missing(cell) then
        if not fill then
            error(column .. ": expected a value, but the value is missing", 0)
        end
        return fill
    end
    local found = (0 / 0)
    if type(cell) == "number" then
        found = cell
    elseif type(cell) == "string" then
        found = parsed(without(cell, " \t\n\v\f\r"))
    end
    if math.abs(found) <= 1e100 then
        return found
    end
    error(column .. ": expected a number up to 1e+100", 0)
end

return M
