#!/usr/bin/env node
// rustc `linker` for bpfel-unknown-none: sbpf-linker, with an IR pass in between that lowers what the BPF
// back end of LLVM 22 rejects (128-bit multiplication, division and variable shifts, overflow of 64-bit
// multiplication, calls with more than 5 arguments).
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
const HERE = path.dirname(new URL(import.meta.url).pathname),
  LINKER = process.env.SBPF_LINKER ?? path.join(HERE, '../.toolchain/bin/sbpf-linker'),
  RUSTC = process.env.SBPF_RUSTC ?? path.join(HERE, 'drustc')
const args = process.argv.slice(2).filter((a) => !/^--(deploy|disable-math-builtins)/.test(a)),
  tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'sbpf-ld-')),
  out = args[args.indexOf('-o') + 1]
const VALUE = String.raw`(?:noundef )?(\S+)`
const MULTIPLY_64 = new RegExp(
  String.raw`^  (%[\w.]+) = (?:tail |musttail |notail )?call (?:noundef )?\{ i64, i1 \} ` +
    String.raw`@llvm\.([us])mul\.with\.overflow\.i64\(i64 ${VALUE}, i64 ${VALUE}\)`,
)
const MULTIPLY_128 = new RegExp(
  String.raw`^  (%[\w.]+) = (?:tail )?call \{ i128, i1 \} ` +
    String.raw`@llvm\.umul\.with\.overflow\.i128\(i128 ${VALUE}, i128 ${VALUE}\)`,
)
const run = (cmd, a, o) => spawnSync(cmd, a, { encoding: 'utf8', maxBuffer: 1 << 28, ...o })
const die = (m) => {
  process.stderr.write(m + '\n')
  process.exit(1)
}
// 1. link + optimise to LLVM IR (sbpf-linker then fails to parse IR as ELF: expected)
const ll = path.join(tmp, 'a.ll')
const a1 = [...args]
a1[a1.indexOf('-o') + 1] = ll
const r1 = run(LINKER, [...a1, '--emit=llvm-ir', '--deploy=false', '--disable-math-builtins'])
if (!fs.existsSync(ll)) die(r1.stdout + r1.stderr)
// 2. rewrite
let n = 0,
  used = false
const src = fs.readFileSync(ll, 'utf8').split('\n'),
  attrs = new Map(),
  extra = []
for (const l of src) {
  const m = /^attributes (#\d+) = \{ (.*) \}$/.exec(l)
  if (m) attrs.set(m[1], m[2])
}
const split = (id, v) => [
  `  ${id}l = trunc i128 ${v} to i64`,
  `  ${id}s = lshr i128 ${v}, 64`,
  `  ${id}h = trunc i128 ${id}s to i64`,
]
const join = (dst, id, l, h) => [
  `  ${id}jl = zext i64 ${l} to i128`,
  `  ${id}jh = zext i64 ${h} to i128`,
  `  ${id}js = shl i128 ${id}jh, 64`,
  `  ${dst} = or i128 ${id}js, ${id}jl`,
]
const call = (d, f, ...x) => `  ${d} = call i64 @${f}(${x.map((v) => 'i64 ' + v).join(', ')})`
const mul = (id, l, h) => [
  `  ${l} = mul i64 ${id}al, ${id}bl`,
  call(id + 'm0', '__x_mulhi', id + 'al', id + 'bl'),
  `  ${id}m1 = mul i64 ${id}al, ${id}bh`,
  `  ${id}m2 = mul i64 ${id}ah, ${id}bl`,
  `  ${id}m3 = add i64 ${id}m0, ${id}m1`,
  `  ${h} = add i64 ${id}m3, ${id}m2`,
]
const pair = (dst, id, ty, v, o) => [
  `  ${id}p = insertvalue { ${ty}, i1 } poison, ${ty} ${v}, 0`,
  `  ${dst} = insertvalue { ${ty}, i1 } ${id}p, i1 ${o}, 1`,
]
const many = (l) => {
  const m = /^define (?:internal|private) .*?@("[^"]*"|[\w.$]+)\((.*)\) .*?(#\d+) .*\{$/.exec(l)
  return m && m[2].replace(/\([^()]*\)/g, '').split(',').length > 5 ? m : null
}
const forced = new Set(
  src
    .map(many)
    .filter(Boolean)
    .map((m) => '@' + m[1] + '('),
)
const outl = []
for (let l of src) {
  let m
  const id = `%x${n}.`
  if ((m = MULTIPLY_64.exec(l))) {
    const [, d, s, a, b] = m
    n++
    used = true
    outl.push(`  ${id}lo = mul i64 ${a}, ${b}`, call(id + 'hu', '__x_mulhi', a, b))
    if (s === 'u') outl.push(`  ${id}o = icmp ne i64 ${id}hu, 0`)
    else
      outl.push(
        `  ${id}sa = ashr i64 ${a}, 63`,
        `  ${id}sb = ashr i64 ${b}, 63`,
        `  ${id}c0 = and i64 ${id}sa, ${b}`,
        `  ${id}c1 = and i64 ${id}sb, ${a}`,
        `  ${id}h1 = sub i64 ${id}hu, ${id}c0`,
        `  ${id}h2 = sub i64 ${id}h1, ${id}c1`,
        `  ${id}sl = ashr i64 ${id}lo, 63`,
        `  ${id}o = icmp ne i64 ${id}h2, ${id}sl`,
      )
    outl.push(...pair(d, id, 'i64', id + 'lo', id + 'o'))
  } else if ((m = MULTIPLY_128.exec(l))) {
    const [, d, a, b] = m
    n++
    used = true
    outl.push(
      ...split(id + 'a', a),
      ...split(id + 'b', b),
      ...mul(id, id + 'lo', id + 'hi'),
      ...join(id + 'v', id, id + 'lo', id + 'hi'),
      call(id + 'oi', '__x_umulo', id + 'al', id + 'ah', id + 'bl', id + 'bh'),
      `  ${id}o = icmp ne i64 ${id}oi, 0`,
      ...pair(d, id, 'i128', id + 'v', id + 'o'),
    )
  } else if (
    (m =
      /^  (%[\w.]+) = (mul|udiv|urem|sdiv|srem|shl|lshr|ashr)(?: nuw| nsw| exact)* i128 (\S+), (\S+)$/.exec(
        l,
      )) &&
    !(/sh/.test(m[2]) && /^\d+$/.test(m[4]))
  ) {
    const [, d, op, a, b] = m
    n++
    used = true
    outl.push(...split(id + 'a', a), ...split(id + 'b', b))
    if (op === 'mul') outl.push(...mul(id, id + 'lo', id + 'hi'))
    else if (/sh/.test(op)) {
      const s = { shl: 0, lshr: 2, ashr: 4 }[op]
      outl.push(
        call(id + 'lo', '__x_sh', id + 'al', id + 'ah', id + 'bl', s),
        call(id + 'hi', '__x_sh', id + 'al', id + 'ah', id + 'bl', s + 1),
      )
    } else {
      const s = { udiv: 0, urem: 2, sdiv: 4, srem: 6 }[op]
      outl.push(
        ...[0, 1].map((k) =>
          call(id + (k ? 'hi' : 'lo'), '__x_div', id + 'al', id + 'ah', id + 'bl', id + 'bh', s + k),
        ),
      )
    }
    outl.push(...join(d, id, id + 'lo', id + 'hi'))
  } else if ((m = many(l))) {
    // more than 5 arguments: only inlining can save it
    const k = m[3] + '99',
      body = (attrs.get(m[3]) ?? '')
        .split(' ')
        .filter((x) => !['noinline', 'optnone', 'cold', 'optsize', 'minsize'].includes(x))
        .join(' ')
    if (!attrs.has(k)) {
      attrs.set(k, body)
      extra.push(`attributes ${k} = { alwaysinline ${body} }`)
    }
    outl.push(l.replace(m[3] + ' ', k + ' '))
  } else if (/ call /.test(l) && [...forced].some((f) => l.includes(f))) {
    // drop a call-site noinline
    outl.push(l.replace(/ #\d+$/, ''))
  } else outl.push(l)
}
for (const [f, k] of [
  ['mulhi', 2],
  ['sh', 4],
  ['umulo', 4],
  ['div', 5],
])
  if (used) outl.push(`declare i64 @__x_${f}(${Array(k).fill('i64').join(', ')})`)
fs.writeFileSync(path.join(tmp, 'b.ll'), [...outl, ...extra].join('\n'))
// 3. link again with the helpers, generate code, make the sBPF ELF
const ins = [path.join(tmp, 'b.ll')]
if (used) {
  const rt = path.join(tmp, 'rt.bc')
  const r = run(RUSTC, [
    '--edition',
    '2021',
    '--crate-type',
    'lib',
    '--target',
    'bpfel-unknown-none',
    '-C',
    'opt-level=3',
    '-C',
    'panic=abort',
    '-C',
    'overflow-checks=off',
    '-C',
    'codegen-units=1',
    '-C',
    'target-cpu=v4',
    '--emit=llvm-bc',
    '-o',
    rt,
    path.join(HERE, 'rt.rs'),
  ])
  if (r.status) die(r.stderr)
  ins.push(rt)
}
const keep = []
for (let i = 0; i < args.length; i++) {
  if (/\.(o|rlib|a|bc)$/.test(args[i]) && !args[i].startsWith('-') && args[i - 1] !== '-o') continue
  if (args[i] === '-L') {
    i++
    continue
  }
  keep.push(args[i])
}
const r3 = run(LINKER, [...keep, ...ins, '--deploy=false', '--disable-math-builtins'])
process.stderr.write((r3.stdout + r3.stderr).replace(/^warning: `solana-compiler-builtins`.*$/m, '').trim())
if (r3.status) die(`\n(IR kept in ${tmp})`)
fs.rmSync(tmp, { recursive: true })
