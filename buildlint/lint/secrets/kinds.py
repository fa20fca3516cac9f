"""How secrets look, and what they are called: the one table of both.

Where the shapes are from: what each provider documents, and the patterns of gitleaks
(https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml) and of GitHub's secret
scanning (https://docs.github.com/en/code-security/reference/secret-security). Alibaba Cloud:
https://www.alibabacloud.com/help/en/ram/developer-reference/ (AccessKey pairs, STS). PEM: RFC 1421
and RFC 7468. JSON Web Token: RFC 7519. Header names: the API references of those who have them.
Query parameters: https://www.alibabacloud.com/help/en/oss/developer-reference/ (V1, V4), AWS
Signature Version 4, shared access signatures of Azure.
"""

from typing import NamedTuple

from buildlint.text.regex import regex


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Shape(NamedTuple):
    """A shape that nothing else has: whose it is, how it is told, and how it goes on.

    `hint` stands in each such text. A prefix is the same for everyone: it gives nothing away.
    """

    owner: str
    shown: str
    hint: str
    pattern: str


# The ids of key pairs: the secret half, which has no shape of its own, stands beside one.
ACCESS_KEY_IDS = (
    Shape("Alibaba Cloud", "LTAI…", "LTAI", "LTAI[A-Za-z0-9]{12,24}"),
    Shape("Alibaba Cloud", "STS.…", "STS.", r"STS\.[A-Za-z0-9]{16,40}"),
)
OTHER_KEY_IDS = (
    Shape("AWS", "AKIA…", "AKIA", "AKIA[A-Z0-9]{16}"),
    Shape("AWS", "ASIA…", "ASIA", "ASIA[A-Z0-9]{16}"),
    Shape("Tencent Cloud", "AKID…", "AKID", "AKID[A-Za-z0-9]{32}"),
)
TOKENS = (
    Shape("1Password", "ops_…", "ops_eyJ", r"ops_eyJ[\w=-]{40,400}+"),
    Shape("age", "AGE-SECRET-KEY-1…", "AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    Shape("Anthropic", "sk-ant-…", "sk-ant-", r"sk-ant-[\w-]{20,200}+"),
    Shape("Artifactory", "AKCp…", "AKCp", "AKCp[A-Za-z0-9]{50,80}"),
    Shape("Artifactory", "cmVmd…", "cmVmdGtuO", "cmVmdGtuO[A-Za-z0-9]{50,70}"),
    Shape("Atlassian", "ATATT3…", "ATATT3", r"ATATT3[\w=-]{40,250}+"),
    Shape("Databricks", "dapi…", "dapi", r"dapi[a-f0-9]{32}(?:-\d)?"),
    Shape("DigitalOcean", "do…_v1_…", "_v1_", "do[opr]_v1_[a-f0-9]{64}"),
    Shape("Docker", "dckr_…", "dckr_", r"dckr_[a-z]{2,4}_[\w-]{20,64}+"),
    Shape("Doppler", "dp.…", "dp.", r"dp\.(?:pt|st|ct|scim|audit)\.[\w.-]{40,80}+"),
    Shape("Fly.io", "fm2_…", "fm2_", r"fm2_[\w+/=-]{40,400}+"),
    Shape("GitHub", "gh…_", "gh", "gh[pousr]_[A-Za-z0-9]{36}"),
    Shape("GitHub", "github_pat_…", "github_pat_", "github_pat_[A-Za-z0-9_]{82}"),
    Shape("GitLab", "glpat-…", "glpat-", r"glpat-[\w.-]{20,}+"),
    Shape("GitLab", "gl…-…", "gl", r"gl(?:dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[\w.-]{20,}+"),
    Shape("GitLab", "GR1348941…", "GR1348941", r"GR1348941[\w-]{20}"),
    Shape("Google", "AIza…", "AIza", r"AIza[\w-]{35}"),
    Shape("Google", "GOCSPX-…", "GOCSPX-", r"GOCSPX-[\w-]{28}"),
    Shape("Google", "ya29.…", "ya29.", r"ya29\.[\w-]{20,400}+"),
    Shape("Grafana", "glsa_…", "glsa_", "glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
    Shape("Grafana", "glc_…", "glc_", "glc_[A-Za-z0-9+/=]{32,400}+"),
    Shape("Groq", "gsk_…", "gsk_", "gsk_[A-Za-z0-9]{40,60}"),
    Shape("HashiCorp", "hvs.…", "hvs.", r"hvs\.[\w-]{20,200}+"),
    Shape("HashiCorp", "hvb.…", "hvb.", r"hvb\.[\w-]{20,300}+"),
    Shape("HashiCorp", "….atlasv1.…", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}"),
    Shape("Heroku", "HRKU-…", "HRKU-", r"HRKU-[\w-]{36,64}+"),
    Shape("Hugging Face", "hf_…", "hf_", "hf_[A-Za-z0-9]{30,40}"),
    Shape("Linear", "lin_api_…", "lin_api_", "lin_api_[A-Za-z0-9]{40}"),
    Shape("New Relic", "NRAK-…", "NRAK-", "NRAK-[A-Za-z0-9]{27}"),
    Shape("Notion", "ntn_…", "ntn_", "ntn_[A-Za-z0-9]{40,50}"),
    Shape("npm", "npm_…", "npm_", "npm_[A-Za-z0-9]{36}"),
    Shape("NuGet", "oy2…", "oy2", "oy2[a-z0-9]{43}"),
    Shape(
        "OpenAI",
        "sk-…",
        "sk-",
        r"sk-(?:(?:proj|svcacct|admin|or-v1)-[\w-]{20,200}+|[A-Za-z0-9]{20,64})",
    ),
    Shape("Perplexity", "pplx-…", "pplx-", "pplx-[A-Za-z0-9]{40,60}"),
    Shape("PlanetScale", "pscale_…", "pscale_", r"pscale_[a-z]{2,5}_[\w=.-]{32,64}+"),
    Shape("Postman", "PMAK-…", "PMAK-", "PMAK-[A-Fa-f0-9]{24}-[A-Fa-f0-9]{34}"),
    Shape("Pulumi", "pul-…", "pul-", "pul-[a-f0-9]{40}"),
    Shape("PyPI", "pypi-…", "pypi-", r"pypi-[\w-]{50,1000}+"),
    Shape("Replicate", "r8_…", "r8_", "r8_[A-Za-z0-9]{37}"),
    Shape("RubyGems", "rubygems_…", "rubygems_", "rubygems_[a-f0-9]{48}"),
    Shape("SendGrid", "SG.…", "SG.", r"SG\.[\w-]{16,32}\.[\w-]{16,64}"),
    Shape("Sentry", "sntry…", "sntry", r"sntry[su]_[\w+/=-]{40,400}+"),
    Shape("Shopify", "shp…_…", "shp", "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    Shape("Slack", "xox…-…", "xox", r"xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,250}+"),
    Shape("Slack", "xapp-…", "xapp-", r"xapp-\d-[A-Za-z0-9-]{20,200}+"),
    Shape("SonarQube", "sq…_…", "sq", "sq[apu]_[a-f0-9]{40}"),
    Shape("Square", "sq0…-…", "sq0", r"sq0[a-z]{3}-[\w-]{22,60}+"),
    Shape("Stripe", "…_live_…", "k_", "[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,99}"),
    Shape("Stripe", "whsec_…", "whsec_", "whsec_[A-Za-z0-9+/=]{24,80}"),
    Shape("Supabase", "sbp_…", "sbp_", "sbp_[a-f0-9]{40}"),
    Shape("Tailscale", "tskey-…", "tskey-", r"tskey-[\w-]{16,100}+"),
    Shape("Telegram", "…:AA…", "AA", r"\d{8,10}:AA[\w-]{33}"),
    Shape("Twilio", "SK…", "SK", "SK[0-9a-f]{32}"),
    Shape("JWT", "eyJ…", "eyJ", r"eyJ[\w-]{8,}+\.eyJ[\w-]{8,}+\.[\w-]*+"),
    Shape("DingTalk", "robot/send?…", "access_token=", "(?<=access_token=)[a-f0-9]{64}"),
)
# Addresses that are as good as a token.
WEBHOOKS = (
    Shape("WeCom", "webhook/send?…", "webhook/send?key=", r"(?<=webhook/send\?key=)[\w-]{30,40}"),
    Shape("Feishu", "bot/v2/hook/…", "/bot/v2/hook/", r"(?<=/bot/v2/hook/)[\w-]{30,40}"),
    Shape(
        "Slack",
        "hooks.slack.com/…",
        "hooks.slack.com/",
        r"(?<=hooks\.slack\.com/services/)[\w/]{20,60}+",
    ),
)
# What a password was made into: it opens nothing, but a weak one can be found from it.
PASSWORD_HASH = regex(r"\$(?:1|2[abxy]?|5|6|7|y|gy|sha1|apr1|argon2id?)\$[\w./$=,+-]{16,200}+")
# The line that begins a private key, and `-----BEGIN … PRIVATE KEY` in base64.
KEY_HEADER = regex(r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----")
KEY_IN_BASE64 = "LS0tLS1CRUdJTi"
HEADERS_OF_KEYS = ("FBSSVZBVEUgS0VZ", "QUklWQVRFIEtFWS", "BQUklWQVRFIEtFW", "UFJJVkFURSBLRV")


# --- names ---------------------------------------------------------------------------------------

# Headers with a secret whose names do not say so.
HEADERS = ("x-jfrog-art-api",)
# Words that a name of a secret holds, in lower case: where none of them stands, nothing is named.
HINTS = (
    "pass",
    "bearer",
    "pw",
    "secret",
    "token",
    "cred",
    "key",
    "auth",
    "psk",
    "cookie",
    *HEADERS,
)
# Such words, also as the end of one: DBPASSWORD.
ENDINGS = tuple(
    _words(
        "password passwords passwd passphrase passcode passwort secret token apikey accesskey "
        "secretkey privatekey credential credentials creds pwd requirepass masterauth authkey "
        "accountkey"
    )
)
# Words that mean a secret for themselves only; and those of which a value has to look like one.
ALONE = _words("psk bearer authorization")
WEAK = _words("auth authn cookie secrets tokens pwd pw")
# Whose `…key` is a secret, and whose `…pass`.
OF_KEYS = _words(
    "access account api app application auth client consumer encryption encrypt hmac jwt master "
    "private secret service session shared sign signing storage subscription tsig webhook"
)
OF_PASSES = _words(
    "admin app backup client db dest ftp http key ldap login mail master mongo my mysql pg pgsql "
    "postgres proxy redis root sa sign smtp src ssh store user vault vnc"
)
# After these, `pass` is a verb or a pass of several: PROXY_PASS, FIRST_PASS.
NOT_BEFORE_PASS = _words("by fastcgi first grpc memcached one proxy scgi second uwsgi")
# A name with one of them behind the secret's own word says something about it: PASSWORD_FILE.
FACTS = _words(
    "age agent algorithm algorithms arn attempts attribute auth authentication bits cache change "
    "changed check class client cmd command complexity count counter data date days dictionary "
    "digest dir directory disabled enabled encoding encryption endpoint env exp expiration "
    "expire expires expiry field fields file filename fingerprint folder form format gen "
    "generator hash hashed hasher hashes header help helper hint history host id ids index info "
    "input interval issuer label len length level lifetime limit link location manager max "
    "maxlen method min mode name names number only owner path pattern policy port prefix prompt "
    "provider quality ref reference refresh regex region required reset retries retry ring "
    "rotation rule rules salt schema scope script search server service size source stdin store "
    "strategy strength suffix symbol table template through time timeout title ttl type types "
    "uid uri url urls usage user username validation validator validity version warn warning"
)
# And before it: MAX_TOKENS, PUBLIC_KEY, ClientToken, which only tells two requests apart.
FACTS_BEFORE = _words("max min num count public pub pem by cancellation pad eos bos sep")
NOT_NAMES = _words("pwd oldpwd nopasswd clienttoken askpass bypass compass keepass lastpass")
# It may have these behind it, or a number.
PLAIN = _words(
    "a admin app b base db default dev development local main new old plain primary prod "
    "production production root secondary staging stg test uat user value"
)

# Parameters in the query of a url that let whoever has it in; the first four only name a key.
QUERY = regex(
    r"(?i)[?&;](?P<name>ossaccesskeyid|awsaccesskeyid|x-(?:amz|oss|goog)-credential|accesskeyid|"
    r"signature|x-(?:amz|oss|goog)-signature|x-(?:amz|oss)-security-token|security-?token|"
    r"sig|sign|(?:[a-z]+[_-])?token|x-[a-z-]+-token|"
    r"key|api[_-]?key|auth|auth[_-]?key|passw(?:or)?d|pwd|(?:client[_-]?)?secret|code|sas)="
    r"(?P<secret>[^\s&\"'<>|\\)#]{0,4096}+)"
)
OF_A_KEY = ("ossaccesskeyid", "awsaccesskeyid", "accesskeyid", "credential")

# Before the secret itself: Authorization: Bearer …
SCHEMES = regex(r"(?i)(?:(?:bearer|basic|token|digest|negotiate|apikey|sso-key)\s{1,4})?")


# --- programs ------------------------------------------------------------------------------------

_SHORT_P = regex("-p(?P<value>.*)")
_MYSQL = regex("-p(?![a-z-]+=)(?P<value>.+)")
_UPPER_P = regex("-P(?P<value>.*)")
_KEYS = regex("(?:-k|--access-key-secret)(?==|.|\\Z)=?(?P<value>.*)")
# Options that give a program a password: joined to it, or as the next word. Without a value, -p
# lets some of them ask.
OPTIONS = {
    **dict.fromkeys(
        ("mariadb", "mariadb-admin", "mariadb-dump", "mysql", "mysqladmin", "mysqldump"), _MYSQL
    ),
    **dict.fromkeys(("docker", "nerdctl", "podman", "sshpass", "useradd", "usermod"), _SHORT_P),
    **dict.fromkeys(("mongo", "mongodump", "mongorestore", "mongosh", "7z", "7za"), _SHORT_P),
    **dict.fromkeys(("zip", "unzip"), _UPPER_P),
    **dict.fromkeys(("ossutil", "ossutil64", "ossutil2", "aliyun"), _KEYS),
    **dict.fromkeys(("ldapadd", "ldapmodify", "ldapsearch"), regex("-w(?P<value>.*)")),
    "curl": regex(r"(?:-[fgikLOsSv#]*[uU]|--(?:proxy-)?user(?:=|\Z))(?P<value>.*)"),
    "redis-cli": regex(r"(?:-a|--pass(?:=|\Z))(?P<value>.*)"),
    "openssl": regex("-(?:passin|passout|pass|k|password)(?P<value>)"),
    "smbclient": regex(r"(?:-U|--user(?:=|\Z))(?P<value>.*)"),
    "lftp": regex("-u(?P<value>.*)"),
}
# What stands before the password in such a value.
BEFORE_PASSWORD = {"curl": ":", "smbclient": "%", "lftp": ","}
# They know the option for a password in this subcommand alone.
LOGIN = ("docker", "nerdctl", "podman")
# Operands that are passwords: the first words, and which operand it is.
OPERANDS = {
    "rabbitmqctl": (("add_user", 2), ("change_password", 2), ("authenticate_user", 2)),
    "vault": (("login", 1),),
    "mc": (("alias", 5),),
    "wpa_passphrase": (("", 1),),
    "htpasswd": (("", -1),),
    "mkpasswd": (("", 0),),
}
# Two operands of them are a password only with this flag.
WITH_FLAG = {"htpasswd": "-b"}
# What reads passwords from a pipe or a here-string.
READERS = ("chpasswd", "passwd", "smbpasswd", "docker", "podman", "nerdctl", "helm", "cryptsetup")
# A pipe into sudo that reads the password of its caller: behind its name there are only options.
INTO_SUDO = regex(
    r"\s{0,80}\|&?\s{0,80}(?:\S{0,64}/)?sudo"
    r"(?:\s{1,80}-(?:[CDghpRrTtUu]\s{1,80}\S{1,64}|\S{1,64})){0,4}"
    r"\s{1,80}-(?:[A-Za-z]{0,8}S|-stdin)(?!\S)"
)
