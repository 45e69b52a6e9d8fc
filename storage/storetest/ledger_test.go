package storetest_test

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

const logName = "yimen.test/ledger"

// notarised is a handout whose database can be edited by hand behind its back.
type notarised struct {
	*handout
	notary *ledger.Notary
	hand   *sql.DB
}

func openNotarised(t *testing.T) *notarised {
	text, err := seal.Generate(rand.Reader)
	require.NoError(t, err)
	keys, err := seal.ParseKeys(text)
	require.NoError(t, err)
	ring, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	conf := storetest.Config(t, ring)
	db, err := sqlstore.Open(t.Context(), conf)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	hand := storetest.Hand(t, conf)
	n := &notarised{handout: handoutOver(t, db), hand: hand}
	n.notary = notaryOf(t, db, n.clock.Now)
	n.registry.Notary = n.notary
	return n
}

func notaryOf(t testing.TB, db *sqlstore.DB, now func() time.Time) *ledger.Notary {
	n := &ledger.Notary{Store: db, Log: ledger.Log{Origin: logName}, Now: now}
	for _, suite := range []ledger.Suite{ledger.Ed25519, ledger.SM2} {
		secret, public, err := ledger.GenerateKey(rand.Reader, suite, logName)
		require.NoError(t, err)
		signer, err := ledger.NewSigner(secret, rand.Reader)
		require.NoError(t, err)
		verifier, err := ledger.NewVerifier(public)
		require.NoError(t, err)
		n.Log.Signers, n.Verifiers = append(n.Log.Signers, signer), append(n.Verifiers, verifier)
	}
	return n
}

// kinds of all leaves, in order.
func (n *notarised) leaves() (list []string) {
	entries, err := n.db.Entries(n.t.Context(), 0, 1000)
	require.NoError(n.t, err)
	for _, e := range entries {
		list = append(list, string(e.Leaf.Kind))
	}
	return list
}

func (n *notarised) inspect(since ledger.Checkpoint) (ledger.Report, error) {
	return n.notary.Inspect(n.t.Context(), since, n.db.Facts(n.t.Context()))
}

func (n *notarised) edit(query string, args ...any) {
	n.t.Helper()
	res, err := n.hand.ExecContext(n.t.Context(), query, args...)
	require.NoError(n.t, err)
	rows, err := res.RowsAffected()
	require.NoError(n.t, err)
	require.Positive(n.t, rows, "the edit has changed nothing: %s", query)
}

// day lets one of everything happen.
func (n *notarised) day() (ids map[string]string) {
	t := n.t
	ann, bob := n.courier("速达"), n.courier("速达")
	manager := staff.Member{ID: "manager", Role: staff.OfficeManager, Office: n.clerk.Office}
	w := n.pickedUp(ann)
	_, err := n.desk.Pass(t.Context(), ann, w.ID, bob.ID)
	require.NoError(t, err)
	_, err = n.desk.Deliver(t.Context(), bob, w.ID, delivery.Proof{Code: string(w.Code)})
	require.NoError(t, err)

	atWindow, _ := n.issued(sent)
	_, err = n.desk.Collect(t.Context(), n.clerk, atWindow, n.proof())
	require.NoError(t, err)

	bypassed, _ := n.issued(sent)
	_, err = n.desk.Release(t.Context(), manager, bypassed, "本人行动不便，由村委会上门核实")
	require.NoError(t, err)

	_, l := n.issued(sent)
	n.clock.Pass(time.Minute)
	fresh, err := n.registry.Replace(t.Context(), n.clerk, l.ID, "原证遗失")
	require.NoError(t, err)
	_, err = n.registry.Revoke(t.Context(), manager, fresh.ID, "以欺骗手段取得")
	require.NoError(t, err)
	return map[string]string{"waybill": w.ID, "window": atWindow, "bypassed": bypassed, "replaced": l.ID, "revoked": fresh.ID}
}

func TestEveryLicenceProofAndHandOverIsInTheLedger(t *testing.T) {
	n := openNotarised(t)
	n.day()
	require.Equal(t, []string{
		"licence.issued", "handover.hand_over", "handover.pick_up", "handover.pass", "delivery.deliver",
		"licence.issued", "delivery.collected",
		"licence.issued", "delivery.collected",
		"licence.issued", "licence.replaced", "licence.issued", "licence.revoked",
	}, n.leaves())
	r, err := n.inspect(ledger.Checkpoint{})
	require.NoError(t, err)
	require.Empty(t, r.Findings)
	require.Equal(t, 13, r.Facts)
}

// What did not happen is not in the ledger: a leaf goes with its change.
func TestALeafIsUndoneWithItsChange(t *testing.T) {
	n := openNotarised(t)
	n.day()
	before := n.leaves()
	undone := errors.New("undone")
	err := sqlstore.For[licence.Tx](n.db).InTx(t.Context(), func(tx licence.Tx) error {
		require.NoError(t, tx.Record(t.Context(), ledger.Fact{Kind: "licence.issued", Subject: "x", At: n.clock.Now()}))
		return undone
	})
	require.ErrorIs(t, err, undone)
	_, err = n.registry.Issue(t.Context(), n.clerk, n.caseIn(casework.Accepted, sent), workday.Date{})
	require.ErrorIs(t, err, licence.ErrNotGranted)
	require.Equal(t, before, n.leaves())
	size, err := n.db.Size(t.Context())
	require.NoError(t, err)
	require.Len(t, before, int(size))
}

func TestManyAtOnceMakeOneLog(t *testing.T) {
	n := openNotarised(t)
	const most = 100
	got := together(most, func(i int) error {
		return sqlstore.For[licence.Tx](n.db).InTx(t.Context(), func(tx licence.Tx) error {
			err := tx.Record(t.Context(), ledger.Fact{Kind: "licence.issued", Subject: fmt.Sprint(i), At: n.clock.Now()})
			if err == nil && i%3 == 0 {
				err = licence.ErrNoResult
			}
			return err
		})
	})
	require.Equal(t, map[string]int{"": 66, "licence.no_result": 34}, got)
	_, c, err := n.notary.Checkpoint(t.Context())
	require.NoError(t, err)
	require.Equal(t, int64(66), c.Size)
	require.NoError(t, ledger.Audit(t.Context(), n.db, c))
}

func TestAPersonCanProveTheLicenceWithoutTheNetwork(t *testing.T) {
	n := openNotarised(t)
	n.day()
	_, l := n.issued(sent)
	n.day()
	receipt, signed, err := n.registry.Receipt(t.Context(), n.me(), l.ID)
	require.NoError(t, err)
	for _, trusted := range n.notary.Verifiers { // either key alone will do
		c, err := ledger.Open(signed, logName, trusted)
		require.NoError(t, err)
		read, err := ledger.ParseReceipt(receipt.String())
		require.NoError(t, err)
		require.NoError(t, read.Verify(c))
		require.Contains(t, read.Words, l.Number)

		read.Words = read.Words[:len(read.Words)-2] + "x\"\n"
		require.ErrorIs(t, read.Verify(c), ledger.ErrProof)
	}
	_, _, err = n.registry.Receipt(t.Context(), n.people[1].Person, l.ID)
	require.ErrorIs(t, err, licence.ErrNoLicence, "it is nobody else's")

	n.edit(`UPDATE licence SET number = 'FS2026-HJ-0001-99999999' WHERE id = $1`, l.ID)
	_, _, err = n.registry.Receipt(t.Context(), n.me(), l.ID)
	require.ErrorIs(t, err, ledger.ErrNoLeaf, "what was changed has no proof")
}

func TestALogIsSignedOnceForEachState(t *testing.T) {
	n := openNotarised(t)
	empty, c, err := n.notary.Checkpoint(t.Context())
	require.NoError(t, err)
	require.Zero(t, c.Size)
	again, _, err := n.notary.Checkpoint(t.Context())
	require.NoError(t, err)
	require.Equal(t, string(empty), string(again))
	n.issued(sent)
	grown, c, err := n.notary.Checkpoint(t.Context())
	require.NoError(t, err)
	require.Equal(t, int64(1), c.Size)
	require.NotEqual(t, string(empty), string(grown))
}

func TestLeavesHoldNoPersonalData(t *testing.T) {
	n := openNotarised(t)
	n.day()
	rows, err := n.hand.QueryContext(t.Context(), `SELECT kind, subject, content FROM ledger_leaf`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var kind string
		var subject, content []byte
		require.NoError(t, rows.Scan(&kind, &subject, &content))
		require.Regexp(t, `^(licence|delivery|handover)\.[a-z_]+$`, kind)
		require.Len(t, subject, 32)
		require.Len(t, content, 32)
	}
	require.NoError(t, rows.Err())
}

// Somebody with the database in hand: whatever is changed, removed or slipped
// in, audit finds it.
func TestEditsByHandAreFound(t *testing.T) {
	edits := map[string]func(n *notarised, id map[string]string){
		"another holder": func(n *notarised, id map[string]string) {
			n.edit(`UPDATE licence SET person_id = $1 WHERE id = $2`, n.people[1].Person, id["revoked"])
		},
		"another number": func(n *notarised, id map[string]string) {
			n.edit(`UPDATE licence SET number = 'x' WHERE id = $1`, id["replaced"])
		},
		"an earlier day": func(n *notarised, id map[string]string) {
			n.edit(`UPDATE licence SET issued_at = issued_at - 1 WHERE id = $1`, id["replaced"])
		},
		"a longer validity": func(n *notarised, id map[string]string) {
			n.edit(`UPDATE licence SET valid_until = '2099-01-01' WHERE id = $1`, id["replaced"])
		},
		"valid again": func(n *notarised, id map[string]string) {
			n.edit(`UPDATE licence SET state = 'valid', revoked_at = 0 WHERE id = $1`, id["revoked"])
		},
		"a licence removed": func(n *notarised, id map[string]string) { n.edit(`DELETE FROM licence WHERE id = $1`, id["revoked"]) },
		"a licence slipped in": func(n *notarised, id map[string]string) {
			n.edit(`INSERT INTO licence (id, number, case_id, person_id, item, name, kind, code, office, issuer, issued_at, state)
				SELECT 'forged', 'forged', $1, person_id, item, name, kind, 'FORGED', office, issuer, issued_at, 'valid' FROM licence WHERE id = $2`,
				n.caseIn(casework.Granted, sent), id["replaced"])
		},
		"another courier": func(n *notarised, id map[string]string) {
			n.edit(`UPDATE waybill_event SET actor = 'x' WHERE waybill_id = $1 AND act = 'pick_up'`, id["waybill"])
		},
		"another proof": func(n *notarised, id map[string]string) {
			n.edit(`UPDATE waybill_event SET proof = 'id_number' WHERE waybill_id = $1 AND act = 'deliver'`, id["waybill"])
		},
		"a later delivery": func(n *notarised, id map[string]string) {
			n.edit(`UPDATE waybill_event SET at = at + 1 WHERE act = 'deliver'`)
		},
		"a hand-over gone": func(n *notarised, id map[string]string) { n.edit(`DELETE FROM waybill_event WHERE act = 'pass'`) },
		"a window forgotten": func(n *notarised, id map[string]string) {
			n.edit(`DELETE FROM case_event WHERE case_id = $1 AND act = 'hand'`, id["window"])
		},
		"a bypass prettied": func(n *notarised, id map[string]string) {
			n.edit(`UPDATE case_event SET note = 'id_number' WHERE case_id = $1 AND act = 'hand'`, id["bypassed"])
		},
		"its reason gone": func(n *notarised, id map[string]string) { n.edit(`DELETE FROM delivery_release`) },
	}
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			n := openNotarised(t)
			ids := n.day()
			r, err := n.inspect(ledger.Checkpoint{})
			require.NoError(t, err)
			require.Empty(t, r.Findings, "nothing was edited yet")
			edit(n, ids)
			r, err = n.inspect(ledger.Checkpoint{})
			require.NoError(t, err)
			require.NotEmpty(t, r.Findings)
		})
	}
}

// Somebody who edits the log itself, and even makes it consistent again.
func TestEditsOfTheLogAreFound(t *testing.T) {
	edits := map[string]func(n *notarised){
		"a leaf's kind":    func(n *notarised) { n.edit(`UPDATE ledger_leaf SET kind = 'licence.revoked' WHERE idx = 3`) },
		"a leaf's content": func(n *notarised) { n.edit(`UPDATE ledger_leaf SET content = subject WHERE idx = 3`) },
		"a leaf's time":    func(n *notarised) { n.edit(`UPDATE ledger_leaf SET at = at + 1000 WHERE idx = 3`) },
		"a hash": func(n *notarised) {
			n.edit(`UPDATE ledger_leaf SET hashes = (SELECT hashes FROM ledger_leaf WHERE idx = 5) WHERE idx = 3`)
		},
		"a leaf gone": func(n *notarised) { n.edit(`DELETE FROM ledger_leaf WHERE idx = 3`) },
		"the last one gone": func(n *notarised) {
			n.edit(`DELETE FROM ledger_leaf WHERE idx = 12`)
		},
		"the end cut off": func(n *notarised) {
			n.edit(`DELETE FROM ledger_leaf WHERE idx >= 10`)
			n.edit(`UPDATE ledger_head SET size = 10`)
			n.edit(`DELETE FROM licence WHERE issued_at = (SELECT max(issued_at) FROM licence)`)
		},
		"a checkpoint of one's own": func(n *notarised) { n.edit(`UPDATE ledger_checkpoint SET signed = $1`, []byte("forged")) },
		"written anew": func(n *notarised) {
			n.edit(`DELETE FROM ledger_leaf`)
			n.edit(`UPDATE ledger_head SET size = 0`)
			n.edit(`DELETE FROM ledger_checkpoint`)
			n.edit(`UPDATE licence SET number = 'x' WHERE state = 'revoked'`)
			facts := n.db.Facts(n.t.Context())
			require.NoError(n.t, sqlstore.For[licence.Tx](n.db).InTx(n.t.Context(), func(tx licence.Tx) error {
				for f, err := range facts {
					if err := errors.Join(err, tx.Record(n.t.Context(), f)); err != nil {
						return err
					}
				}
				return nil
			}))
		},
	}
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			n := openNotarised(t)
			n.day()
			_, kept, err := n.notary.Checkpoint(t.Context()) // somebody keeps it elsewhere
			require.NoError(t, err)
			edit(n)
			_, err = n.inspect(kept)
			require.ErrorIs(t, err, ledger.ErrBroken)
		})
	}
}

// A log that no longer holds what was signed is not signed again.
func TestACutLogIsNotSigned(t *testing.T) {
	n := openNotarised(t)
	n.day()
	_, _, err := n.notary.Checkpoint(t.Context())
	require.NoError(t, err)
	n.edit(`DELETE FROM ledger_leaf WHERE idx >= 10`)
	n.edit(`UPDATE ledger_head SET size = 10`)
	_, _, err = n.notary.Checkpoint(t.Context())
	require.ErrorIs(t, err, ledger.ErrBroken)
}
