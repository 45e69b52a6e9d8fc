package sandbox

// DefaultPersons are eight people for a demonstration. Names, numbers and
// phones are made up; the numbers have valid check digits (GB 11643) under the
// prefixes of Foshan's five districts.
func DefaultPersons() []Person {
	return []Person{
		{Name: "甄样本", IDNumber: "440604199003128626", Phone: "19900000101", Role: "普通市民"},
		{Name: "贾示例", IDNumber: "440605198009088612", Phone: "19900000102", Role: "企业法定代表人"},
		{Name: "范新生", IDNumber: "440606199606218666", Phone: "19900000103", Role: "新生儿家长"},
		{Name: "常演示", IDNumber: "440607194605018631", Phone: "19900000104", Role: "八十岁老人"},
		{Name: "尹虚构", IDNumber: "440608198501158642", Phone: "19900000105", Role: "村居代办员"},
		{Name: "齐审核", IDNumber: "440604198812238687", Phone: "19900000106", Role: "审批人员"},
		{Name: "冯快递", IDNumber: "440605199307048656", Phone: "19900000107", Role: "快递员"},
		{Name: "白试用", IDNumber: "440606200102178694", Phone: "19900000108", Role: "市民，人脸核验不通过", FaceFails: true},
	}
}
