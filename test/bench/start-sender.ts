import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { OrderSenderOptions, OrdersSent } from './order-sender.ts'

/** A process that has signed its orders and waits. */
export interface Sender {
  /** Sends them; gives what it saw. */
  run(): Promise<OrdersSent>
}

/** Starts one and waits until it is ready. */
export async function startSender(options: OrderSenderOptions): Promise<Sender> {
  const text = JSON.stringify(options, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
  const child = spawn(process.execPath, [join(import.meta.dirname, 'order-sender.ts'), text], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => {
    const line = await lines.next()
    if (line.done === true) throw new Error('the sender ended before it had sent its orders')
    return JSON.parse(line.value)
  }
  await next()
  return {
    async run() {
      child.stdin.write('go\n')
      return (await next()) as OrdersSent
    },
  }
}
