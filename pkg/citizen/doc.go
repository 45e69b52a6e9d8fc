// Package citizen (自然人/法人、账号) decides who a person is in law and how far
// an account has proved it: a person exists without WeChat; an account is a
// WeChat identity that becomes a person's own by real-name proof.
package citizen
