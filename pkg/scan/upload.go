package scan

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// How a file comes in parts.
const (
	PartBytes   = 256 << 10 // of each part but the last
	uploadLife  = 24 * time.Hour
	formLife    = 30 * time.Minute
	uploadsMost = 5 // under way for one person
)

// What can go wrong with a file that comes in parts.
var (
	ErrNoUpload = fault.New(fault.NotFound, "scan.no_upload", "没有这个上传任务或已过期，请重新开始上传")
	ErrUploads  = fault.New(fault.Conflict, "scan.too_many_uploads", "您还有 5 个文件没有传完，请先传完或等一天后再传")
	ErrPart     = fault.New(fault.Invalid, "scan.part", "这一段的大小或序号不对，请按开始上传时给出的大小分段")
	ErrParts    = fault.New(fault.Conflict, "scan.parts_missing", "文件还没有传完，请补传缺少的部分再提交")
	ErrHash     = fault.New(fault.Invalid, "scan.hash", "收到的文件与手机上的不一致，请重新上传")
	ErrDeclared = fault.New(fault.Invalid, "scan.declared", "请写明文件的大小和校验值，文件不超过 10 MB")
)

// Upload (分段上传) is a file on its way in, for a material of a case.
type Upload struct {
	ID, Case      string
	Person        string // id of who sends it
	Material      catalog.MaterialCode
	Name          string
	Bytes         int
	SHA256        string // of the whole file as it is sent, hex
	Direct        bool   // the phone sends it to the store itself
	MadeAt, Until time.Time
	Have          []int // the parts that have come, counted from 0, in order
}

// Parts is how many parts there are.
func (u Upload) Parts() int { return (u.Bytes + PartBytes - 1) / PartBytes }

// length of part n, 0 where there is none.
func (u Upload) length(n int) int {
	if u.Direct || n < 0 || n >= u.Parts() {
		return 0
	}
	return min(PartBytes, u.Bytes-n*PartBytes)
}

// Missing lists the parts that have not come.
func (u Upload) Missing() (list []int) {
	have := map[int]bool{}
	for _, n := range u.Have {
		have[n] = true
	}
	for n := range u.Parts() {
		if !have[n] {
			list = append(list, n)
		}
	}
	return list
}

// Form is a signed form: the phone sends its fields and then the file, as the
// last field, named "file", to URL (wx.uploadFile with formData).
type Form struct {
	URL    string
	Fields map[string]string
}

// Store remembers uploads under way.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	// Upload returns an upload that has not ended by now. Error: ErrNoUpload.
	Upload(ctx context.Context, id string, now time.Time) (Upload, error)
	// EndedUploads lists uploads that have ended by now.
	EndedUploads(ctx context.Context, now time.Time, most int) ([]Upload, error)
}

// Tx is what a change of an upload needs.
type Tx interface {
	// CountUploads counts a person's uploads that have not ended by now.
	CountUploads(ctx context.Context, who string, now time.Time) (int, error)
	InsertUpload(ctx context.Context, u Upload) error
	// InsertPart notes that a part has come; twice is no error. Error:
	// ErrNoUpload, where the upload has ended by now.
	InsertPart(ctx context.Context, id string, n int, now time.Time) error
	// EndUpload sets when an upload ends.
	EndUpload(ctx context.Context, id string, at time.Time) error
	DeleteUpload(ctx context.Context, id string) error
}

// Parts keeps the contents of parts, sealed.
type Parts interface {
	Put(ctx context.Context, key string, content []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
	Delete(ctx context.Context, key string) error
}

// Direct is a store that phones can send files to themselves.
type Direct interface {
	// Form signs an upload of up to most bytes. Error: that the store cannot.
	Form(ctx context.Context, key string, most int, life time.Duration) (Form, error)
	// Fetch returns what came, as far as most bytes. Error: ErrParts.
	Fetch(ctx context.Context, key string, most int) ([]byte, error)
	Remove(ctx context.Context, key string) error
}

// Cases takes files for materials.
type Cases interface {
	// MayAttach is nil where the person may hand in this material now.
	MayAttach(ctx context.Context, who string, cs string, m catalog.MaterialCode) error
	// Attach hands in the content of an upload, whose id becomes the file's.
	// Once handed in, doing it again changes nothing.
	Attach(ctx context.Context, u Upload, content []byte) error
}
