package catalog

import (
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

// DepartmentCode is the key of a department.
type DepartmentCode string

// Department is the body in charge of items (主管部门).
type Department struct {
	Code   DepartmentCode
	Name   string
	NameEn string
}

// ErrNoDepartment says that there is no department with this code.
var ErrNoDepartment = fault.New(fault.NotFound, "catalog.no_department", "没有这个部门，请重新选择")

const departmentsFile = "catalogue/departments.csv"

func readDepartments(book *sheet.Book) map[DepartmentCode]*Department {
	all := map[DepartmentCode]*Department{}
	for _, row := range book.Table(departmentsFile, "code", "name", "name_en").Rows {
		d := &Department{
			Code:   DepartmentCode(row.Code("code")),
			Name:   row.Need("name"),
			NameEn: row.Text("name_en"),
		}
		if row.Unique("code") && d.Code != "" {
			all[d.Code] = d
		}
		row.Unique("name")
	}
	return all
}
