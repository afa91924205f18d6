// How work is measured: gas and CPU time of transactions that are simulated.
import { assert } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { SimulateRequest, SimulateResponse } from '@causeway/protocol/cosmos/tx/v1beta1/service'
import { TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import type { Driver } from '../src/testing/driver.fixture.ts'
import type { Wallet } from '../src/testing/wallet.fixture.ts'

/** Heads the columns. */
export function printHead(): void {
  console.log('work'.padEnd(44), 'gas'.padStart(10), 'µs'.padStart(9), 'gas/µs'.padStart(8))
}

/** One line: work, gas, microseconds, gas a microsecond. */
export function print(work: string, gas: number, microseconds: number): void {
  const columns = [gas.toFixed(0).padStart(10), microseconds.toFixed(0).padStart(9)]
  console.log(work.padEnd(44), ...columns, (gas / microseconds).toFixed(0).padStart(8))
}

/** CPU time of this process: others on the machine don't count. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Simulates a transaction of each message in turn, several rounds; prints the median. */
export function measure(
  on: { readonly driver: Driver; readonly relayer: Wallet },
  label: string,
  messages: readonly Any[],
  rounds = 9,
): void {
  const { driver, relayer } = on
  const requests = messages.map((item) => {
    const { bodyBytes, authInfoBytes } = relayer.parts([item], relayer.sequence)
    const signatures = [new Uint8Array(64)]
    const txBytes = TxRaw.encode({ bodyBytes, authInfoBytes, signatures }).finish()
    return SimulateRequest.encode({ tx: undefined, txBytes }).finish()
  })
  let gas = 0
  const times: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const before = cpuMicroseconds()
    gas = requests.reduce((sum, request) => sum + simulate(driver, request), 0)
    if (round > 0) times.push(cpuMicroseconds() - before)
  }
  times.sort((a, b) => a - b)
  print(label, gas / messages.length, times[times.length >> 1]! / messages.length)
}

function simulate(on: Driver, data: Uint8Array): number {
  const { code, log, value } = on.query('/cosmos.tx.v1beta1.Service/Simulate', data)
  assert(code === 0, log)
  return Number(SimulateResponse.decode(value).gasInfo!.gasUsed)
}
