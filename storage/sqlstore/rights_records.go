package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/dossier"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// trace is a table whose rows are shown to their person as they stand, what is
// sealed in them opened.
type trace struct {
	table, title string
	theirs       string // which rows belong to person $1
}

const (
	byPerson  = `person_id = $1`
	byCase    = `case_id IN ` + theirCases
	byEnded   = `case_id IN (SELECT id FROM cases WHERE person_id = $1 AND decided_at > 0)`
	byAccount = `account_id IN (SELECT id FROM account WHERE person_id = $1)`
	byErrand  = `errand_id IN ` + theirErrands
	byParcel  = `waybill_id IN (SELECT id FROM waybill WHERE person_id = $1)`
	byAgency  = `agency_id IN (SELECT id FROM agency WHERE principal_id = $1 OR agent_id = $1)`
)

// traces are what has no part of its own in a dossier. What departments
// think of a case is shown once it is decided. A test holds this list, with
// those beside it, against the schema.
var traces = []trace{
	{"agency_proof", "代办关系证明", byAgency},
	{"appeal", "爽约申诉", byPerson},
	{"appointment_agent", "代为预约", `agent_id = $1`},
	{"case_agent", "代为办理的办件", `agent_id = $1 OR ` + byCase},
	{"case_alarm", "办件时限提醒", byCase},
	{"case_extension", "办件延期", byCase},
	{"case_instant", "秒批记录", byCase},
	{"case_notice", "补正告知", byCase},
	{"case_opinion", "部门意见", byEnded},
	{"case_output", "办件产出信息", byCase},
	{"case_pause", "时限中止", byCase},
	{"case_relief", "不可抗力申请", byCase},
	{"case_ruling", "决定草稿与审签", byEnded},
	{"case_supplement", "补正记录", byCase},
	{"case_source", "办件的共享数据查询", byCase},
	{"credit_record", "信用记录", byPerson},
	{"credit_register", "信用等级", byPerson},
	{"delivery_release", "特批交付", byCase},
	{"delivery_warning", "送达时限提醒", byCase},
	{"errand", "主题服务", byPerson},
	{"errand_file", "主题服务材料", byErrand},
	{"errand_turn", "主题服务进度", byErrand},
	{"face_check", "人脸核验", byAccount},
	{"line_message", "送部门系统的消息", byCase},
	{"line_report", "部门系统的回报", byEnded},
	{"message_call", "订阅消息发送", byAccount},
	{"offer", "主动推送", byPerson},
	{"offer_event", "人生事件", byCase},
	{"offer_wish", "推送意愿", byPerson},
	{"original", "材料原件", byPerson},
	{"original_turn", "原件流转", `original_id IN (SELECT id FROM original WHERE person_id = $1)`},
	{"paper", "文书", byPerson},
	{"proof_file", "签收凭证", byParcel},
	{"representative", "法定代表人", `person_id = $1 OR representative_id = $1`},
	{"shared_fact", "共享数据查询结果", byPerson},
	{"staff", "岗位", byAccount},
	{"ticket_event", "排队经过", `ticket_id IN (SELECT id FROM ticket WHERE person_id = $1 AND person_id <> '')`},
	{"terminal_print", "自助终端打印", byPerson},
	{"terminal_visit", "自助终端办理", byPerson},
	{"upload", "未完成的上传", byPerson},
	{"waiting", "候补", byPerson},
	{"waybill_event", "运单经过", byParcel},
}

// Records implements dossier.Services.
func (q *queries) Records(ctx context.Context, who citizen.ID) ([]dossier.Record, error) {
	var list []dossier.Record
	for _, t := range traces {
		rows, err := all(ctx, q, q.readTrace(t), `SELECT * FROM `+t.table+` WHERE `+t.theirs, who)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.table, err)
		}
		if len(rows) > 0 {
			list = append(list, dossier.Record{Kind: t.table, Title: t.title, Entries: rows})
		}
	}
	return list, nil
}

// readTrace reads a row whatever its columns are.
func (q *queries) readTrace(t trace) func(scanner) (dossier.Entry, error) {
	v, _ := vaultOf(t.table)
	return func(s scanner) (dossier.Entry, error) {
		columns, err := s.(*sql.Rows).Columns()
		if err != nil {
			return nil, err
		}
		values, dest := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := s.Scan(dest...); err != nil {
			return nil, err
		}
		return q.entry(v, columns, values)
	}
}

// entry words a row. Indexes and hashes tell nobody anything and are left out.
func (q *queries) entry(v vault, columns []string, values []any) (dossier.Entry, error) {
	e := dossier.Entry{}
	row := sealedRow{}
	for _, key := range v.key {
		row.key = append(row.key, values[slices.Index(columns, key)])
	}
	for i, column := range columns {
		name, sealed := strings.CutSuffix(column, "_sealed")
		switch value := values[i].(type) {
		case nil:
		case []byte:
			if sealed {
				text, err := q.opened(v.table, name, row.row(), value)
				if err != nil {
					return nil, err
				}
				e[name] = text
			}
		case int64:
			e[column] = inWords(column, value)
		default:
			e[column] = fmt.Sprint(value)
		}
	}
	return e, nil
}

// inWords writes a moment as one, and any other number as it is.
func inWords(column string, n int64) string {
	timed := column == "at" || column == "since" || strings.HasSuffix(column, "_at") || strings.HasSuffix(column, "_ends")
	switch {
	case !timed:
		return strconv.FormatInt(n, 10)
	case n == 0:
		return ""
	}
	return moment(n).In(workday.Zone).Format(time.RFC3339)
}
