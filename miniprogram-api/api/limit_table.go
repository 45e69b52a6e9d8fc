package api

import "time"

// Limit lets something be done Most times within Per.
type Limit struct {
	Most int
	Per  time.Duration
}

// share is how often one operation may be used: by one account, and by all who
// are not signed in behind one address. The zero Limit is none.
type share struct{ account, address Limit }

// Limits that hold for all operations together. Hundreds of phones stand
// behind the one address of an office hall, and thousands behind that of a
// carrier: an address is held back only where no crowd could be the reason.
var (
	perAddress = Limit{12_000, time.Minute}
	perAccount = Limit{300, time.Minute}
)

// shares are the limits of single operations, where one caller could guess,
// hoard, or make us pay. All others have only the limits above.
var shares = map[string]share{
	// WeChat and the population register count, and some of it costs money.
	"login":           {address: Limit{1200, time.Minute}},
	"bind-phone":      {account: Limit{10, time.Hour}},
	"prove-real-name": {account: Limit{20, time.Hour}},
	"start-face":      {account: Limit{20, time.Hour}},
	"finish-face":     {account: Limit{60, time.Hour}},

	// The registers again: whether others exist and belong together.
	"offer-agency":         {account: Limit{20, time.Hour}},
	"add-child":            {account: Limit{20, time.Hour}},
	"claim-legal-person":   {account: Limit{20, time.Hour}},
	"receive-person":       {account: Limit{120, time.Hour}},
	"arrange-agency":       {account: Limit{60, time.Hour}},
	"agencies-at-window":   {account: Limit{120, time.Hour}},
	"end-agency-at-window": {account: Limit{120, time.Hour}},
	"check-in-person":      {account: Limit{300, time.Hour}}, // a terminal reads cards
	"open-at-window":       {account: Limit{120, time.Hour}},
	"ask-bases":            {account: Limit{60, time.Hour}},
	"ask-at-window":        {account: Limit{240, time.Hour}},

	// What could be guessed: invitations, codes shown at a window or a door.
	"take-up-post":    {account: Limit{20, time.Hour}},
	"show-code":       {account: Limit{30, time.Hour}},
	"check-in":        {account: Limit{60, time.Minute}},
	"deliver-parcel":  {account: Limit{60, time.Minute}},
	"send-acts":       {account: Limit{60, time.Minute}},
	"collect-licence": {account: Limit{60, time.Minute}},
	"verify-licence":  {account: Limit{60, time.Minute}, address: Limit{600, time.Minute}},

	"page-code":   {account: Limit{30, time.Hour}},
	"enter-pages": {account: Limit{60, time.Hour}, address: Limit{120, time.Minute}},

	// What could be hoarded or fill the disk.
	"hold-slot":          {account: Limit{30, time.Minute}},
	"book":               {account: Limit{30, time.Minute}},
	"move-appointment":   {account: Limit{20, time.Minute}},
	"enter-rush":         {account: Limit{60, time.Minute}},
	"open-case":          {account: Limit{60, time.Hour}},
	"open-errand":        {account: Limit{30, time.Hour}},
	"upload-errand-file": {account: Limit{120, 10 * time.Minute}},
	"upload-file":        {account: Limit{120, 10 * time.Minute}},
	"file-evidence":      {account: Limit{600, time.Hour}},
	"take-ticket":        {account: Limit{20, time.Hour}},
	"check-in-near":      {account: Limit{20, time.Minute}},
	"give-ticket":        {account: Limit{120, time.Minute}},
	"enter-slips":        {account: Limit{60, time.Minute}},

	"start-upload":     {account: Limit{120, 10 * time.Minute}},
	"upload-part":      {account: Limit{200, time.Minute}},
	"finish-upload":    {account: Limit{120, 10 * time.Minute}},
	"join-waiting":     {account: Limit{30, time.Hour}},
	"appointment-code": {account: Limit{60, time.Hour}},
	"appeal-no-show":   {account: Limit{20, time.Hour}},

	// Devices ask every second; what anybody may try is held back by address.
	"enrol-terminal":        {address: Limit{30, time.Minute}},
	"challenge-terminal":    {address: Limit{120, time.Minute}},
	"open-terminal":         {address: Limit{120, time.Minute}},
	"terminal-code":         {account: Limit{60, time.Minute}},
	"confirm-terminal-code": {account: Limit{20, time.Minute}},
	"terminal-ticket":       {account: Limit{60, time.Minute}},
	"terminal-case":         {account: Limit{20, time.Hour}},
	"ask-print":             {account: Limit{30, time.Hour}},

	// What costs us computing.
	"search-items":   {account: Limit{120, time.Minute}, address: Limit{6000, time.Minute}},
	"nearby-offices": {account: Limit{120, time.Minute}, address: Limit{3000, time.Minute}},
	"theme-offices":  {account: Limit{60, time.Minute}, address: Limit{1500, time.Minute}},
	"my-data":        {account: Limit{20, time.Hour}},
	"download-file":  {account: Limit{300, time.Minute}, address: Limit{3000, time.Minute}},
	"print-paper":    {account: Limit{120, time.Minute}},
	"case-papers":    {account: Limit{300, time.Minute}},

	// Looking people up is work at a window, not reading a register.
	"reveal-case": {account: Limit{120, time.Hour}},
	"case-file":   {account: Limit{600, time.Hour}},
}

// locks are the operations that close to an account after too many wrong
// attempts, and the codes that tell a wrong attempt.
var locks = map[string]string{
	"prove-real-name":    "citizen.no_match",
	"take-up-post":       "staff.no_invitation",
	"offer-agency":       "citizen.no_match",
	"add-child":          "citizen.no_match",
	"claim-legal-person": "citizen.not_representative",
}

// The lock: lockFree wrong attempts within lockMemory are free; the last of
// them closes the operation for lockFirst, and each further one for twice as
// long as the one before, up to lockMost.
const (
	lockFree   = 5
	lockFirst  = time.Minute
	lockMost   = 24 * time.Hour
	lockMemory = 24 * time.Hour
)
