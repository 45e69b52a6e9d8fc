package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/dossier"
	"github.com/yimen-gov/yimen/pkg/notify"
)

const (
	theirCases   = `(SELECT id FROM cases WHERE person_id = $1)`
	theirErrands = `(SELECT id FROM errand WHERE person_id = $1)`
	theirFiles   = `SELECT id FROM case_file WHERE case_id IN ` + theirCases + `
		UNION ALL SELECT file FROM agency_proof WHERE agency_id IN (SELECT id FROM agency WHERE principal_id = $1)
		UNION ALL SELECT id FROM errand_file WHERE errand_id IN ` + theirErrands + `
		UNION ALL SELECT id FROM upload WHERE person_id = $1`
)

// erasures take what is personal out of a person's rows; the rows stay for the
// statistics, and nothing in them leads to anybody any more.
var erasures = []string{
	`DELETE FROM commitment WHERE case_id IN ` + theirCases,
	`DELETE FROM delivery_release WHERE case_id IN ` + theirCases,
	`DELETE FROM delivery_choice WHERE case_id IN ` + theirCases,
	`DELETE FROM case_instant WHERE case_id IN ` + theirCases,
	`DELETE FROM case_opinion WHERE case_id IN ` + theirCases,
	`DELETE FROM case_output WHERE case_id IN ` + theirCases,
	`DELETE FROM case_relief WHERE case_id IN ` + theirCases,
	`DELETE FROM case_ruling WHERE case_id IN ` + theirCases,
	`DELETE FROM case_extension WHERE case_id IN ` + theirCases,
	`DELETE FROM paper WHERE person_id = $1`,
	`DELETE FROM appeal WHERE person_id = $1`,
	`DELETE FROM errand_file WHERE errand_id IN ` + theirErrands,
	`DELETE FROM upload_part WHERE upload_id IN (SELECT id FROM upload WHERE person_id = $1)`,
	`DELETE FROM upload WHERE person_id = $1`,
	`DELETE FROM message WHERE person_id = $1`,
	`UPDATE line_report SET text_sealed = NULL, outputs_sealed = NULL WHERE case_id IN ` + theirCases,
	`DELETE FROM shared_fact WHERE person_id = $1`,
	`UPDATE shared_use SET value_sealed = NULL WHERE person_id = $1`,
	`DELETE FROM look WHERE person_id = $1`,
	`DELETE FROM agency_proof WHERE agency_id IN (SELECT id FROM agency WHERE principal_id = $1)`,
	`UPDATE cases SET form_sealed = NULL, decision_sealed = NULL WHERE person_id = $1`,
	`UPDATE case_material SET note_sealed = NULL WHERE case_id IN ` + theirCases,
	`UPDATE case_file SET name_sealed = NULL WHERE case_id IN ` + theirCases,
	`UPDATE licence SET revoked_for_sealed = NULL WHERE person_id = $1`,
	`UPDATE rating SET text_sealed = NULL, reply_sealed = NULL WHERE person_id = $1`,
	`UPDATE case_event SET text_sealed = NULL WHERE case_id IN ` + theirCases,
	`UPDATE case_notice SET text_sealed = NULL, reason_sealed = NULL WHERE case_id IN ` + theirCases,
	`UPDATE case_pause SET note_sealed = NULL WHERE case_id IN ` + theirCases,
	`UPDATE errand SET form_sealed = NULL WHERE person_id = $1`,
	`UPDATE credit_record SET reason_sealed = NULL WHERE person_id = $1`,
	`UPDATE waybill SET locker_code_sealed = NULL WHERE person_id = $1`,
	`UPDATE waybill_event SET note_sealed = NULL WHERE waybill_id IN (SELECT id FROM waybill WHERE person_id = $1)`,
	`UPDATE person SET home_sealed = NULL WHERE id = $1`,
}

// blanks are the columns that may not be empty: what is sealed there is nothing.
var blanks = []struct {
	table   string
	columns []string
}{
	{"waybill", []string{"recipient", "phone", "address", "code"}},
	{"original", []string{"label"}},
}

// Expired implements dossier.Store.
func (q *queries) Expired(ctx context.Context, closedBy time.Time, most int) ([]citizen.ID, error) {
	return all(ctx, q, scalar[citizen.ID], `SELECT id FROM person WHERE closed_at > 0 AND closed_at <= $1
		ORDER BY closed_at LIMIT $2`, millis(closedBy), most)
}

// Erase implements dossier.Tx. A closed_at below zero says that nothing is left.
func (tx *Tx) Erase(ctx context.Context, who citizen.ID, closedBy, at time.Time) error {
	err := tx.change(ctx, citizen.ErrNoPerson, `UPDATE person SET name_sealed = $2, number_sealed = $3, number_index = $4, closed_at = -closed_at
		WHERE id = $1 AND closed_at > 0 AND closed_at <= $5`,
		who, tx.sealedNothing("person", "name", string(who)), tx.sealedNothing("person", "number", string(who)),
		[]byte("erased:"+string(who)), millis(closedBy))
	if err != nil {
		return err
	}
	files, err := all(ctx, &tx.queries, scalar[string], theirFiles, who)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := tx.Enqueue(ctx, notify.Job{Kind: dossier.ForgetFile, Subject: file, At: at}); err != nil {
			return err
		}
	}
	for _, erase := range erasures {
		if err := tx.exec(ctx, erase, who); err != nil {
			return err
		}
	}
	return tx.blank(ctx, who)
}

func (tx *Tx) blank(ctx context.Context, who citizen.ID) error {
	for _, b := range blanks {
		rows, err := all(ctx, &tx.queries, scalar[string], `SELECT id FROM `+b.table+` WHERE person_id = $1`, who)
		if err != nil {
			return err
		}
		for _, row := range rows {
			for _, column := range b.columns {
				set := fmt.Sprintf(`UPDATE %s SET %s_sealed = $2 WHERE id = $1`, b.table, column)
				if err := tx.exec(ctx, set, row, tx.sealedNothing(b.table, column, row)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// ForgetLooks implements dossier.Tx.
func (tx *Tx) ForgetLooks(ctx context.Context, closedBy time.Time) error {
	return tx.exec(ctx, `DELETE FROM look WHERE person_id IN (SELECT id FROM person WHERE closed_at > 0 AND closed_at <= $1)`, millis(closedBy))
}
