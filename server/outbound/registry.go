package outbound

import (
	"context"
	"net/http"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrRegistry tells that the registers of organisations and households did not
// answer, or are not connected here.
var ErrRegistry = fault.New(fault.Unavailable, "registry.unavailable", "单位和监护关系核验暂时不可用，请稍后再试，或携带证件到窗口办理").After(60)

// Registry asks the data hub who stands for whom:
// POST URL/representative {"org_name", "credit_code", "name", "id_number"} and
// POST URL/guardian {"name", "id_number", "child_name", "child_id_number"},
// both answered {"match": true|false}. Without a URL it is unavailable.
type Registry struct {
	URL    string
	Client *http.Client
}

var _ citizen.Registry = Registry{}

// Represents implements citizen.Registry.
func (r Registry) Represents(ctx context.Context, org, representative citizen.Person) (bool, error) {
	return r.ask(ctx, "/representative", map[string]string{
		"org_name": org.Name.String(), "credit_code": org.Code.String(),
		"name": representative.Name.String(), "id_number": representative.Number.String(),
	})
}

// Guards implements citizen.Registry.
func (r Registry) Guards(ctx context.Context, guardian, child citizen.Person) (bool, error) {
	return r.ask(ctx, "/guardian", map[string]string{
		"name": guardian.Name.String(), "id_number": guardian.Number.String(),
		"child_name": child.Name.String(), "child_id_number": child.Number.String(),
	})
}

func (r Registry) ask(ctx context.Context, path string, about map[string]string) (bool, error) {
	if r.URL == "" {
		return false, ErrRegistry
	}
	return matched(ctx, r.Client, r.URL+path, about, ErrRegistry)
}

// SampleRegistry stands in for the registers in development. It knows the
// people of the local WeChat and made-up organisations and children of theirs;
// a service with real credentials never has it.
type SampleRegistry struct{}

var _ citizen.Registry = SampleRegistry{}

// The sample organisation, its representative, and a guardian with a child.
const (
	SampleOrgName        = "佛山市样例商贸有限公司"
	SampleOrgCode        = "91440604MA4U0DEM0C"
	SampleRepresentative = "440605198009088612"
	SampleGuardian       = "440606199606218666"
	SampleChildName      = "范小苗"
	SampleChild          = "440606202203158624"
)

// Represents implements citizen.Registry.
func (SampleRegistry) Represents(_ context.Context, org, representative citizen.Person) (bool, error) {
	return org.Name.String() == SampleOrgName && org.Code.String() == SampleOrgCode &&
		representative.Number.String() == SampleRepresentative, nil
}

// Guards implements citizen.Registry.
func (SampleRegistry) Guards(_ context.Context, guardian, child citizen.Person) (bool, error) {
	return guardian.Number.String() == SampleGuardian && child.Number.String() == SampleChild, nil
}
