package citizen

import (
	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/dossier"
	"github.com/yimen-gov/yimen/pkg/exchange"
)

// dossierOut is the file with everything held on a person, unmasked: it is
// theirs.
type dossierOut struct {
	At     string `json:"at"`
	Person struct {
		Name        string `json:"name"`
		Number      string `json:"id_number"`
		CreditGrade string `json:"credit_grade"`
		KnownSince  string `json:"known_since"`
		Home        string `json:"home,omitempty" doc:"division, as I said"`
	} `json:"person"`
	Accounts      []heldAccountOut `json:"accounts"`
	Sessions      []heldSessionOut `json:"sessions"`
	ActForMe      []AgencyOut      `json:"agents"`
	IActFor       []AgencyOut      `json:"principals"`
	Organisations []legalPersonOut `json:"organisations"`
	Appointments  []AppointmentOut `json:"appointments"`
	Tickets       []TicketOut      `json:"tickets"`
	Cases         []heldCaseOut    `json:"cases"`
	Licences      []LicenceOut     `json:"licences"`
	Waybills      []heldWaybillOut `json:"waybills"`
	Ratings       []heldRatingOut  `json:"ratings"`
	Messages      []messageOut     `json:"messages"`
	Looks         []lookOut        `json:"looks"`
	Reuses        []UseOut         `json:"reuses" doc:"what was taken from which shared base"`
	Records       []recordOut      `json:"records"`
}

type recordOut struct {
	Kind    string          `json:"kind"`
	Title   string          `json:"title"`
	Entries []dossier.Entry `json:"entries"`
}

type heldAccountOut struct {
	ID         string `json:"id"`
	OpenID     string `json:"wechat_openid"`
	Phone      string `json:"phone,omitempty"`
	RealNameAt string `json:"real_name_at,omitempty"`
	FaceAt     string `json:"face_at,omitempty"`
	MadeAt     string `json:"made_at"`
}

type heldSessionOut struct {
	Device string `json:"device"`
	MadeAt string `json:"made_at"`
	SeenAt string `json:"seen_at"`
	EndsAt string `json:"ends_at"`
}

type heldCaseOut struct {
	CaseOut
	Files      []heldFileOut  `json:"files"`
	Events     []heldEventOut `json:"events"`
	Commitment string         `json:"commitment,omitempty"`
	Delivery   *heldWayOut    `json:"delivery,omitempty"`
}

type heldFileOut struct {
	ID       string `json:"id" doc:"GET /api/v1/cases/{id}/files/{file} has its content"`
	Material string `json:"material"`
	Name     string `json:"name"`
	Media    string `json:"media"`
	Bytes    int64  `json:"bytes"`
	SHA256   string `json:"sha256"`
	AddedAt  string `json:"added_at"`
}

type heldEventOut struct {
	At    string `json:"at"`
	Act   string `json:"act"`
	Actor string `json:"actor"`
	Note  string `json:"note,omitempty"`
}

type heldWayOut struct {
	Way       string `json:"way"`
	Recipient string `json:"recipient,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Address   string `json:"address,omitempty"`
}

type heldWaybillOut struct {
	Case      string `json:"case"`
	Number    string `json:"number"`
	Company   string `json:"company"`
	State     string `json:"state"`
	Recipient string `json:"recipient"`
	Phone     string `json:"phone"`
	Address   string `json:"address"`
	MadeAt    string `json:"made_at"`
	EndedAt   string `json:"ended_at,omitempty"`
}

type heldRatingOut struct {
	Case    string `json:"case"`
	Grade   int    `json:"grade"`
	Reasons string `json:"reasons,omitempty"`
	Text    string `json:"text,omitempty"`
	At      string `json:"at"`
}

// each encodes a list; none is an empty list, not null.
func each[D, T any](list []D, wire func(D) T) []T {
	out := make([]T, len(list))
	for i, d := range list {
		out[i] = wire(d)
	}
	return out
}

func dossierFrom(d dossier.Dossier) dossierOut {
	out := dossierOut{At: api.At(d.At)}
	out.Person.Name, out.Person.Number = d.Person.Name.String(), d.Person.Identity()
	out.Person.CreditGrade, out.Person.KnownSince = string(d.Person.Grade), api.At(d.Person.MadeAt)
	out.Person.Home = string(d.Person.Home)
	out.Accounts = each(d.Accounts, func(a citizen.Account) heldAccountOut {
		return heldAccountOut{string(a.ID), a.OpenID, a.Phone.String(), api.At(a.RealNameAt), api.At(a.FaceAt), api.At(a.MadeAt)}
	})
	out.Sessions = each(d.Sessions, func(s citizen.Session) heldSessionOut {
		return heldSessionOut{string(s.Device), api.At(s.MadeAt), api.At(s.SeenAt), api.At(s.EndsAt)}
	})
	out.ActForMe, out.IActFor = each(d.Granted, AgencyFrom), each(d.Held, AgencyFrom)
	out.Organisations = each(d.Represented, func(p citizen.Person) legalPersonOut {
		return legalPersonOut{string(p.ID), p.Name.String(), p.Identity()}
	})
	out.Tickets = each(d.Tickets, TicketFrom)
	out.Appointments, out.Cases = each(d.Appointments, AppointmentFrom), each(d.Cases, heldCaseFrom)
	out.Licences, out.Looks = each(d.Licences, LicenceFrom), each(d.Looks, lookFrom)
	out.Waybills = each(d.Waybills, func(w dossier.Waybill) heldWaybillOut {
		return heldWaybillOut{w.Case, w.Number, w.Company, w.State, w.Recipient, w.Phone, w.Address, api.At(w.MadeAt), api.At(w.EndedAt)}
	})
	out.Ratings = each(d.Ratings, func(r dossier.Rating) heldRatingOut {
		return heldRatingOut{r.Case, r.Grade, r.Reasons, r.Text, api.At(r.At)}
	})
	out.Messages = each(d.Messages, messageFrom)
	out.Records = each(d.Records, func(r dossier.Record) recordOut { return recordOut(r) })
	out.Reuses = each(d.Uses, func(u exchange.Use) UseOut { return UseFrom(u, true) })
	return out
}

func heldCaseFrom(c dossier.Case) heldCaseOut {
	out := heldCaseOut{CaseOut: CaseFrom(c.Case), Commitment: c.Commitment, Files: []heldFileOut{}, Events: []heldEventOut{}}
	for _, f := range c.Files {
		out.Files = append(out.Files, heldFileOut{f.ID, string(f.Material), f.Name, f.Media, f.Bytes, f.SHA256, api.At(f.AddedAt)})
	}
	for _, e := range c.Events {
		out.Events = append(out.Events, heldEventOut{api.At(e.At), string(e.Act), e.Actor, e.Note})
	}
	if c.Delivery.Way != "" {
		out.Delivery = &heldWayOut{c.Delivery.Way, c.Delivery.Recipient, c.Delivery.Phone, c.Delivery.Address}
	}
	return out
}
