import { createConstantPool, createProgram } from './program.ts'
import type { ConstantPool, Program } from './program.ts'
import { vectorValueOf } from './value-code.ts'
import { vectorLogMoneyness } from './vector-math.ts'
import {
  addDoubles,
  constant,
  f64x2,
  get,
  i32,
  loopWhile,
  moduleOf,
  set,
  tee,
  v128,
  valueType,
  when,
} from './web-assembly.ts'
import type { Code, WasmFunction } from './web-assembly.ts'

/** The kernel's module, and what its memory must begin with. */
export interface KernelModule {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly constants: Uint8Array
}

/**
 * Makes the module. Its functions take the count of options, then columns as addresses of doubles, then
 * what is the same for all options:
 *
 * - `price(count, forward, strike, volatility, discount, sign, value)`, which returns 0, or 1 when a number
 *   is not
 *   sound or a value not finite;
 * - `revalue(count, logRatio, strike, volatility, sign, value, logShift, forward, scale, floor, discount)`;
 * - `total(count, logRatio, strike, volatility, sign, amount, logShift, forward, scale, floor, discount)`,
 *   which
 *   returns the sum.
 */
export function kernelModule(): KernelModule {
  const pool = createConstantPool()
  const bytes = moduleOf(1, [priceFunction(pool), revalueFunction(pool), totalFunction(pool)])
  return { bytes, constants: pool.bytes() }
}

/** How a pair of options, or the last one alone, is read and written. */
interface Access {
  load(column: number): Code
  store(column: number, value: Code): Code
}

/** What a function does with each pair; `gathered` is a vector local, 0 at first, from which it returns. */
interface Plan {
  readonly name: string
  readonly columns: number
  readonly scalars: number
  readonly result?: { readonly type: number; from(gathered: Code): Code }
  body(program: Program, access: Access, gathered: number): void
}

function priceFunction(pool: ConstantPool): WasmFunction {
  return overColumns({
    name: 'price',
    columns: 6,
    scalars: 0,
    result: { type: valueType.i32, from: v128.anyTrue },
    body: (program, access, gathered) => {
      const [f, k, v, d, sign] = [1, 2, 3, 4, 5].map((column) => program.keep(access.load(column)))
      const inputs = { forward: f!, strike: k!, volatility: v!, discount: d!, sign: sign! }
      const value = vectorValueOf(program, pool, {
        ...inputs,
        logRatio: vectorLogMoneyness(program, pool, f!, k!),
      })
      program.run(access.store(6, value))
      // NaN or Infinity anywhere make the sum one; the least is told by `lesser`, from which only NaN
      // escapes.
      const { add, lesser, lessThan, atLeast } = f64x2
      const sum = add(add(add(f!, k!), add(v!, d!)), value)
      const least = lesser(lesser(f!, k!), lesser(v!, d!))
      const sound = v128.and(lessThan(sum, pool.double(Infinity)), atLeast(least, pool.double(0)))
      program.run([...v128.or(get(gathered), v128.not(sound)), ...set(gathered)])
    },
  })
}

function revalueFunction(pool: ConstantPool): WasmFunction {
  return overColumns({
    name: 'revalue',
    columns: 5,
    scalars: 5,
    body: (program, access) => program.run(access.store(5, shocked(program, pool, access))),
  })
}

function totalFunction(pool: ConstantPool): WasmFunction {
  return overColumns({
    name: 'total',
    columns: 5,
    scalars: 5,
    result: {
      type: valueType.f64,
      from: (sums) => [...f64x2.lane(sums, 0), ...f64x2.lane(sums, 1), ...addDoubles],
    },
    body: (program, access, gathered) => {
      const value = shocked(program, pool, access)
      const part = f64x2.multiply(access.load(5), value)
      program.run([...f64x2.add(get(gathered), part), ...set(gathered)])
    },
  })
}

/** The values of a pair under the shock that the last five parameters are. */
function shocked(program: Program, pool: ConstantPool, access: Access): Code {
  const [logRatio, strike, volatility, sign] = [1, 2, 3, 4].map((column) => access.load(column))
  const [logShift, forward, scale, floor, discount] = [6, 7, 8, 9, 10].map((local) => f64x2.splat(get(local)))
  return vectorValueOf(program, pool, {
    logRatio: program.keep(f64x2.add(logRatio!, logShift!)),
    forward: program.keep(forward!),
    strike: program.keep(strike!),
    volatility: program.keep(f64x2.greater(floor!, f64x2.multiply(volatility!, scale!))),
    discount: discount!,
    sign: sign!,
  })
}

const COUNT = 0

/** A function that runs its body on pairs of options, then on the last one where the count is odd. */
function overColumns({ name, columns, scalars, result, body }: Plan): WasmFunction {
  const offset = 1 + columns + scalars
  const end = offset + 1
  const gathered = offset + 2
  const at = (column: number): Code => [...get(column), ...get(offset), ...i32.add]
  const write = (access: Access): Program => {
    const program = createProgram(gathered + 1)
    body(program, access, gathered)
    return program
  }
  const pairs = write({ load: (c) => v128.load(at(c)), store: (c, value) => v128.store(at(c), value) })
  const last = write({ load: (c) => v128.loadLow(at(c)), store: (c, value) => v128.storeLow(at(c), value) })
  const pairBytes = [
    ...get(COUNT),
    ...constant(-2),
    ...i32.and,
    ...constant(3),
    ...i32.shiftLeft,
    ...tee(end),
  ]
  const next = [...get(offset), ...constant(16), ...i32.add, ...tee(offset), ...get(end), ...i32.lessSigned]
  return {
    name,
    parameters: [
      ...Array<number>(1 + columns).fill(valueType.i32),
      ...Array<number>(scalars).fill(valueType.f64),
    ],
    result: result?.type,
    locals: [
      [2, valueType.i32],
      [1 + Math.max(pairs.locals(), last.locals()), valueType.v128],
    ],
    code: [
      ...when(pairBytes, loopWhile(pairs.code(), next)),
      ...when([...get(COUNT), ...constant(1), ...i32.and], last.code()),
      ...(result?.from(get(gathered)) ?? []),
    ],
  }
}
