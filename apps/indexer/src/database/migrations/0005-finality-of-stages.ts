import type { MigrationInterface, QueryRunner } from 'typeorm'

const STAGES = ['received', 'acknowledged', 'timed_out']

/** Receipts, acknowledgements and timeouts that are not final yet, as sends are since migration 2. */
export class FinalityOfStages1700000000005 implements MigrationInterface {
  readonly name = 'FinalityOfStages1700000000005'

  /** Adds the columns. Until now only final blocks told of these stages. */
  async up(runner: QueryRunner): Promise<void> {
    for (const stage of STAGES)
      await runner.query(`ALTER TABLE "packet" ADD "${stage}_final" boolean NOT NULL DEFAULT true`)
    await runner.query(
      `CREATE INDEX "packet_received_not_final" ON "packet" ("destination_chain_id")
        WHERE NOT "received_final"`,
    )
    for (const stage of STAGES.slice(1)) {
      await runner.query(
        `CREATE INDEX "packet_${stage}_not_final" ON "packet" ("source_chain_id")
          WHERE NOT "${stage}_final"`,
      )
    }
    await runner.query(
      `CREATE INDEX "packet_without_stage" ON "packet" ("destination_chain_id")
        WHERE "sent_height" IS NULL AND "received_height" IS NULL AND "acknowledged_height" IS NULL
          AND "timed_out_height" IS NULL`,
    )
  }

  /** Drops the columns, and their indexes with them. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "packet_without_stage"`)
    for (const stage of STAGES) await runner.query(`ALTER TABLE "packet" DROP COLUMN "${stage}_final"`)
  }
}
