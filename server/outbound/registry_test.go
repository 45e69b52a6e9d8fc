package outbound

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

func natural(t *testing.T, name, number string) citizen.Person {
	n, err := citizen.ParseName(name)
	require.NoError(t, err)
	id, err := citizen.ParseIDNumber(number)
	require.NoError(t, err)
	return citizen.Person{Kind: citizen.Natural, Name: n, Number: id}
}

func organisation(t *testing.T) citizen.Person {
	n, err := citizen.ParseOrgName(SampleOrgName)
	require.NoError(t, err)
	code, err := citizen.ParseCreditCode(SampleOrgCode)
	require.NoError(t, err)
	return citizen.Person{Kind: citizen.Legal, Name: n, Code: code}
}

func TestTheRegisterIsAskedWhoStandsForWhom(t *testing.T) {
	var asked map[string]string
	var path string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, asked = r.URL.Path, nil
		_ = json.NewDecoder(r.Body).Decode(&asked)
		_ = json.NewEncoder(w).Encode(map[string]bool{"match": asked["id_number"] == SampleRepresentative})
	}))
	defer server.Close()
	r := Registry{URL: server.URL, Client: server.Client()}
	ok, err := r.Represents(t.Context(), organisation(t), natural(t, "贾示例", SampleRepresentative))
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "/representative", path)
	require.Equal(t, map[string]string{"org_name": SampleOrgName, "credit_code": SampleOrgCode, "name": "贾示例", "id_number": SampleRepresentative}, asked)
	ok, err = r.Guards(t.Context(), natural(t, "范新生", SampleGuardian), natural(t, SampleChildName, SampleChild))
	require.NoError(t, err)
	require.False(t, ok)
	require.Equal(t, "/guardian", path)
	require.Equal(t, SampleChild, asked["child_id_number"])
}

func TestARegisterThatDoesNotAnswerIsUnavailableAndLeaksNothing(t *testing.T) {
	answer := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(w, r) }))
	defer server.Close()
	client := &http.Client{Timeout: 200 * time.Millisecond}
	for name, is := range map[string]func(http.ResponseWriter, *http.Request){
		"an error": answer,
		"no JSON":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) },
		"no match": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{}`)) },
		"silence":  func(http.ResponseWriter, *http.Request) { time.Sleep(400 * time.Millisecond) },
	} {
		answer = is
		_, err := Registry{URL: server.URL, Client: client}.Guards(t.Context(), natural(t, "范新生", SampleGuardian), natural(t, SampleChildName, SampleChild))
		require.ErrorIs(t, err, ErrRegistry, name)
		require.NotContains(t, err.Error(), SampleChild, name)
	}
	_, err := Registry{}.Represents(t.Context(), organisation(t), natural(t, "贾示例", SampleRepresentative))
	require.ErrorIs(t, err, ErrRegistry, "without an address nobody stands for anybody")
}

func TestTheSampleKnowsItsOwnPeopleOnly(t *testing.T) {
	boss, parent := natural(t, "贾示例", SampleRepresentative), natural(t, "范新生", SampleGuardian)
	child := natural(t, SampleChildName, SampleChild)
	ok, err := SampleRegistry{}.Represents(t.Context(), organisation(t), boss)
	require.NoError(t, err)
	require.True(t, ok)
	for _, other := range []citizen.Person{parent, child} {
		ok, err = SampleRegistry{}.Represents(t.Context(), organisation(t), other)
		require.NoError(t, err)
		require.False(t, ok)
	}
	ok, err = SampleRegistry{}.Guards(t.Context(), parent, child)
	require.NoError(t, err)
	require.True(t, ok)
	ok, err = SampleRegistry{}.Guards(t.Context(), boss, child)
	require.NoError(t, err)
	require.False(t, ok)
}
