package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/emmansun/gmsm/sm4"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrKeys says that a set of keys cannot be used; its fields name the lines or
// parts that are wrong, never the keys themselves.
var ErrKeys = fault.New(fault.Internal, "seal.keys_invalid", "密钥配置有误，请按提示逐项改正后重新启动")

// Suite is a cipher: SM4-GCM unless configuration asks for AES-GCM.
type Suite string

// The suites, as they stand in a key file.
const (
	SM4 Suite = "sm4" // 16-byte keys
	AES Suite = "aes" // 16- or 32-byte keys
)

const minIndexKey = 16

// Key is one master key.
type Key struct {
	Suite  Suite
	Secret []byte
}

// Config holds all keys: the one that seals now and the older ones that still
// open. IndexKey has at least 16 bytes and is none of the others; changing it
// makes every stored index useless. Rand nil means crypto/rand.
type Config struct {
	Keys     map[uint8]Key // by id, 1 to 255
	Current  uint8
	IndexKey []byte
	Rand     io.Reader
}

// NewKeyring checks the keys and makes them ready. Error: ErrKeys, with every
// wrong part named.
func NewKeyring(c Config) (*Keyring, error) {
	k := &Keyring{index: bytes.Clone(c.IndexKey), rand: c.Rand}
	if k.rand == nil {
		k.rand = rand.Reader
	}
	if err := k.Renew(c); err != nil {
		return nil, err
	}
	return k, nil
}

// Follow lets the ring read its keys anew when it meets a value that was
// sealed with a key it does not hold. It is called once, before the ring is
// used.
func (k *Keyring) Follow(reread func() (Config, error)) { k.reread = reread }

// Renew puts other keys in place of those held, while the ring is in use. The
// index key stays what it was: with another one nothing would be found any
// more. Error: ErrKeys; then the ring is as it was.
func (k *Keyring) Renew(c Config) error {
	r := &keyset{current: c.Current}
	wrong := c.wrongIndexKey()
	if len(wrong) == 0 && !bytes.Equal(k.index, c.IndexKey) {
		wrong = []fault.Field{{Path: "index", Text: "索引密钥不能更换，否则已有资料无法查到；请恢复原来的索引密钥"}}
	}
	for _, id := range slices.Sorted(maps.Keys(c.Keys)) {
		aead, problem := c.Keys[id].open(id)
		if problem != "" {
			wrong = append(wrong, fault.Field{Path: fmt.Sprintf("keys.%d", id), Text: problem})
		}
		r.aeads[id] = aead
	}
	if _, held := c.Keys[c.Current]; !held {
		wrong = append(wrong, fault.Field{Path: "current", Text: "没有指定的当前密钥，请补上该编号的密钥"})
	}
	if len(wrong) > 0 {
		return ErrKeys.With(wrong...)
	}
	k.held.Store(r)
	return nil
}

func (c Config) wrongIndexKey() []fault.Field {
	if len(c.IndexKey) < minIndexKey || blank(c.IndexKey) {
		return []fault.Field{{Path: "index", Text: "索引密钥至少16字节且不能全为零，请重新生成"}}
	}
	for _, key := range c.Keys {
		if bytes.Equal(key.Secret, c.IndexKey) {
			return []fault.Field{{Path: "index", Text: "索引密钥不能与加密密钥相同，请重新生成"}}
		}
	}
	return nil
}

// open makes the cipher of a key, or says what is wrong with the key.
func (k Key) open(id uint8) (cipher.AEAD, string) {
	if id == 0 {
		return nil, "密钥编号须为1至255"
	}
	if blank(k.Secret) {
		return nil, "密钥不能为空或全为零，请重新生成"
	}
	block, problem := k.block()
	if problem != "" {
		return nil, problem
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, "密钥无法使用：" + err.Error()
	}
	return aead, ""
}

func (k Key) block() (cipher.Block, string) {
	switch n := len(k.Secret); {
	case k.Suite == SM4 && n == sm4.BlockSize:
		block, _ := sm4.NewCipher(k.Secret) // fails on length only
		return block, ""
	case k.Suite == SM4:
		return nil, "sm4密钥须为16字节（32位十六进制）"
	case k.Suite == AES && (n == 16 || n == 32):
		block, _ := aes.NewCipher(k.Secret) // fails on length only
		return block, ""
	case k.Suite == AES:
		return nil, "aes密钥须为16或32字节（32或64位十六进制）"
	default:
		return nil, "算法须为sm4或aes"
	}
}

func blank(secret []byte) bool { return len(bytes.Trim(secret, "\x00")) == 0 }

// ParseKeys reads a key file: lines "id:suite:hex" and one line "index:hex";
// empty lines and lines that start with # are skipped. The highest id is the
// current key, so that a new key is put to use by adding its line. Error:
// ErrKeys, with every wrong line named.
func ParseKeys(text string) (Config, error) {
	c := Config{Keys: map[uint8]Key{}}
	var wrong []fault.Field
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		n++
		if problem := c.read(strings.TrimSpace(line)); problem != "" {
			wrong = append(wrong, fault.Field{Path: fmt.Sprintf("line.%d", n), Text: problem})
		}
	}
	if len(wrong) > 0 {
		return Config{}, ErrKeys.With(wrong...)
	}
	return c, nil
}

func (c *Config) read(line string) (problem string) {
	part := strings.Split(line, ":")
	switch {
	case line == "" || line[0] == '#':
		return ""
	case len(part) == 2 && part[0] == "index":
		return c.readIndex(part[1])
	case len(part) == 3:
		return c.readKey(part[0], Suite(part[1]), part[2])
	default:
		return "每行应为“编号:算法:十六进制密钥”或“index:十六进制密钥”"
	}
}

func (c *Config) readIndex(text string) (problem string) {
	secret, err := hex.DecodeString(text)
	if err != nil {
		return "密钥不是十六进制"
	}
	if c.IndexKey != nil {
		return "索引密钥只能有一个"
	}
	c.IndexKey = secret
	return ""
}

func (c *Config) readKey(number string, suite Suite, text string) (problem string) {
	id, err := strconv.ParseUint(number, 10, 8)
	if err != nil || id == 0 {
		return "密钥编号须为1至255"
	}
	secret, err := hex.DecodeString(text)
	if err != nil {
		return "密钥不是十六进制"
	}
	key := Key{Suite: suite, Secret: secret}
	if _, problem := key.open(uint8(id)); problem != "" {
		return problem
	}
	if _, twice := c.Keys[uint8(id)]; twice {
		return "密钥编号重复"
	}
	c.Keys[uint8(id)] = key
	c.Current = max(c.Current, uint8(id))
	return ""
}

// Generate makes the key file of a first start: one SM4 key and an index key,
// from a source that must be fit for secrets.
func Generate(rand io.Reader) (string, error) {
	var secret [16 + 32]byte
	if _, err := io.ReadFull(rand, secret[:]); err != nil {
		return "", fmt.Errorf("seal: generate keys: %w", err)
	}
	return fmt.Sprintf("# 封存密钥：妥善备份，不得存入数据库；遗失后已加密的资料无法恢复\n1:%s:%x\nindex:%x\n",
		SM4, secret[:16], secret[16:]), nil
}

// AddLine makes the line that puts a new key to use in a key file with these
// keys: its id is one more than the highest. Error: ErrKeys where the suite is
// unknown or the ids are used up.
func (c Config) AddLine(suite Suite, rand io.Reader) (line string, id uint8, err error) {
	size := map[Suite]int{SM4: 16, AES: 32}[suite]
	if size == 0 {
		return "", 0, ErrKeys.With(fault.Field{Path: "suite", Text: "算法须为sm4或aes"})
	}
	if c.Current == 255 {
		return "", 0, ErrKeys.With(fault.Field{Path: "keys.255", Text: "密钥编号已用完"})
	}
	secret := make([]byte, size)
	if _, err := io.ReadFull(rand, secret); err != nil {
		return "", 0, fmt.Errorf("seal: generate a key: %w", err)
	}
	return fmt.Sprintf("%d:%s:%x\n", c.Current+1, suite, secret), c.Current + 1, nil
}
