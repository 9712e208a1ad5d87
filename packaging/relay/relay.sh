#!/usr/bin/env bash
# Sets up and manages a relay (postbus): Apache with WebDAV as a blind drop, nothing of our own
# that runs. README.md beside this file is the guide.
#
#   relay.sh set-up --name HOST [--port N] [--certificate FILE --key FILE | --own-authority]
#                   [--client-certificates]      set up, or again with other choices; ends in a test
#   relay.sh box [BOX]                           make a box; without a name a random one
#   relay.sh account BOX laptop|owner [NAME]     make an account and print how it logs in
#   relay.sh revoke NAME                         take every right from an account, at once
#   relay.sh clean [DAYS]                        remove what lies longer than DAYS (30)
#   relay.sh test                                try everything an account may and may not do
#   relay.sh run                                 only after set-up --user: Apache in the foreground
#
# Everything is below RELAY_DIR (/srv/doorgaande-lijn). As root on Debian or Ubuntu it uses the
# Apache of the system. With `set-up --user` it needs no root, listens on 127.0.0.1 only and
# leaves the system alone; `--plain` there does without TLS.
#
# Exit code 0 when all went well, 1 when not, 2 for a wrong command.
set -euo pipefail
umask 027

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
dir=${RELAY_DIR:-/srv/doorgaande-lijn}
days=30

say() { printf '%s\n' "$*" >&2; }
stop() {
    say "$1"
    exit "${2:-1}"
}
usage() {
    sed -n '2,20p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//' >&2
    exit 2
}

# shellcheck disable=SC2034 # the settings file sets all of these
load() {
    [[ -r $dir/apache/settings ]] ||
        stop "Er is nog geen postbus in $dir. Begin met: relay.sh set-up --name NAAM"
    # shellcheck disable=SC1091
    source "$dir/apache/settings"
}

check_box() { [[ $1 =~ ^[a-z0-9]{4,64}$ ]] || stop "Een bus heet 4 tot 64 kleine letters en cijfers."; }
check_account() { [[ $1 =~ ^[a-z0-9][a-z0-9-]{2,63}$ ]] || stop "Een account heet 3 tot 64 kleine letters, cijfers en streepjes."; }
random_name() { LC_ALL=C tr -dc 'a-z2-7' < <(head -c 4096 /dev/urandom) | head -c "$1"; }
random_zid() { random_name 26; }

# One change at a time: two administrators may be at work.
locked() {
    exec 9>"$dir/access/lock"
    flock 9
}

# Writes standard input to FILE in one step, with the rights of what it replaces.
replace() { # FILE
    local new
    new=$(mktemp "$1.XXXXXX")
    cat >"$new"
    chmod 640 "$new"
    own_by_server "$new" group
    mv -f "$new" "$1"
}

# Gives a path to the server: to write in, or (group) only to read.
own_by_server() { # PATH [group]
    ((EUID == 0)) || return 0
    if [[ ${2:-} == group ]]; then chgrp "$group" "$1"; else chown "$user:$group" "$1"; fi
}

# --- set-up -----------------------------------------------------------------------------------

set_up() {
    name='' port='' certificate='' key='' authority=no login=password user_mode=no plain=no
    while (($#)); do
        case $1 in
        --name) name=$2 && shift ;;
        --port) port=$2 && shift ;;
        --certificate) certificate=$(realpath -- "$2") && shift ;;
        --key) key=$(realpath -- "$2") && shift ;;
        --own-authority) authority=yes ;;
        --client-certificates) login=certificate ;;
        --user) user_mode=yes ;;
        --plain) plain=yes ;;
        *) usage ;;
        esac
        shift
    done
    [[ $name =~ ^[A-Za-z0-9.-]+$ ]] || stop "Geef de naam waaronder de laptops de server vinden: --name post.voorbeeld.nl" 2
    [[ ${port:=443} =~ ^[0-9]+$ ]] || stop "De poort is een getal." 2
    [[ $plain == no || $user_mode == yes ]] || stop "Zonder TLS kan alleen op deze machine zelf: --user." 2
    [[ $plain == no || $login == password ]] || stop "Een certificaat voor de laptops kan niet zonder TLS." 2
    if [[ $plain == no && $authority == no && -z $certificate ]]; then
        stop "Geef --certificate en --key van de server, of kies --own-authority." 2
    fi
    [[ -z $certificate || -r $key ]] || stop "Bij --certificate hoort --key." 2
    if [[ $user_mode == no ]]; then
        ((EUID == 0)) || stop "Dit moet als root, of met --user."
        install_apache
        user=www-data group=www-data
    elif ((EUID == 0)); then
        user=nobody group=nogroup
    else
        user=$(id -un) group=$(id -gn)
    fi
    mkdir -p "$dir"/{apache,access,log,state,post/v1/in,post/v1/uit}
    chmod 755 "$dir"
    chmod 750 "$dir"/{access,apache,log,state,post}
    own_by_server "$dir/access" group
    own_by_server "$dir/apache" group
    local path
    for path in "$dir/state" "$dir/post" "$dir/post/v1" "$dir/post/v1/in" "$dir/post/v1/uit"; do
        own_by_server "$path"
    done
    locked
    touch "$dir"/access/{accounts,groups}
    chmod 640 "$dir"/access/{accounts,groups}
    own_by_server "$dir/access/accounts" group
    own_by_server "$dir/access/groups" group
    [[ $authority == no && $login == password ]] || make_authority
    if [[ $authority == yes ]]; then
        certificate=$dir/access/server.crt key=$dir/access/server.key
        issue "$name" server "$certificate" "$key"
    fi
    local setting
    for setting in name port certificate key authority login user_mode plain user group; do
        printf '%s=%q\n' "$setting" "${!setting}"
    done | replace "$dir/apache/settings"
    cp "$here/relay.conf" "$dir/apache/relay.conf"
    chmod 644 "$dir/apache/relay.conf"
    write_site | replace "$dir/apache/site.conf"
    exec 9>&-
    if [[ $user_mode == yes ]]; then
        write_server | replace "$dir/apache/httpd.conf"
        apache2 -t -f "$dir/apache/httpd.conf" 2>"$dir/log/check" ||
            stop "Apache vindt een fout: $(cat "$dir/log/check")"
        say "Klaar. Start de postbus met: RELAY_DIR=$dir $here/relay.sh run"
        return
    fi
    ln -sfn "$dir/apache/site.conf" /etc/apache2/sites-available/doorgaande-lijn.conf
    a2enmod -q dav dav_fs ssl auth_basic authn_file authn_socache authz_groupfile authz_user \
        socache_shmcb reqtimeout >/dev/null
    a2ensite -q doorgaande-lijn >/dev/null
    apache2ctl configtest 2>"$dir/log/check" || stop "Apache vindt een fout: $(cat "$dir/log/check")"
    install_cleaner
    if [[ -d /run/systemd/system ]]; then
        systemctl enable --quiet apache2
        systemctl restart apache2
    else
        apache2ctl -k restart >/dev/null 2>&1 || apache2ctl -k start
    fi
    say "De postbus staat aan. Nu de proef."
    test_relay
}

install_apache() {
    command -v apt-get >/dev/null || stop "Dit script kent alleen Debian en Ubuntu. README.md zegt wat er elders nodig is."
    local missing=() package
    for package in apache2 openssl curl; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    say "Ik installeer: ${missing[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null
}

install_cleaner() {
    local unit
    install -m 755 "$here/relay.sh" "$dir/apache/relay.sh"
    for unit in service timer; do
        sed "s|@DIR@|$dir|g" "$here/doorgaande-lijn-relay-clean.$unit" \
            >"/etc/systemd/system/doorgaande-lijn-relay-clean.$unit"
        chmod 644 "/etc/systemd/system/doorgaande-lijn-relay-clean.$unit"
    done
    if [[ -d /run/systemd/system ]]; then
        systemctl daemon-reload
        systemctl enable --quiet --now doorgaande-lijn-relay-clean.timer
    else
        say "Hier draait geen systemd: laat zelf elke dag lopen: $dir/apache/relay.sh clean"
    fi
}

write_site() {
    local listen=$port logs=/var/log/apache2/doorgaande-lijn- # logrotate knows that folder
    [[ $user_mode == no ]] || listen=127.0.0.1:$port logs=$dir/log/
    printf '# Written by relay.sh set-up, which overwrites it.\n'
    printf 'Define RELAY_POST "%s"\nDefine RELAY_ACCESS "%s"\n' "$dir/post" "$dir/access"
    [[ $login == password ]] && printf 'UnDefine RELAY_CERTIFICATES\n' || printf 'Define RELAY_CERTIFICATES\n'
    # The Apache of Debian listens on 80 and 443 already.
    [[ $user_mode == no && ($port == 443 || $port == 80) ]] || printf 'Listen %s\n' "$listen"
    printf '<VirtualHost %s>\n' "$([[ $user_mode == yes ]] && echo "$listen" || echo "*:$port")"
    printf '    ServerName %s\n' "$name"
    printf '    DavLockDB "%s"\n' "$dir/state/DavLock"
    printf '    Include "%s"\n' "$dir/apache/relay.conf"
    printf '    ErrorLog "%s"\n    LogLevel crit\n    CustomLog "%s" relay\n' "${logs}error.log" "${logs}access.log"
    if [[ $plain == no ]]; then
        printf '    SSLEngine on\n    SSLProtocol -all +TLSv1.2 +TLSv1.3\n'
        printf '    SSLCertificateFile "%s"\n    SSLCertificateKeyFile "%s"\n' "$certificate" "$key"
    fi
    if [[ $login == certificate ]]; then
        printf '    SSLCACertificateFile "%s"\n' "$dir/access/authority.crt"
        printf '    SSLVerifyClient require\n    SSLVerifyDepth 1\n    SSLUserName SSL_CLIENT_S_DN_CN\n'
    fi
    printf '</VirtualHost>\n'
}

# A whole server for `run`: what Debian has in /etc/apache2, as far as the relay needs it.
write_server() {
    local module modules=/usr/lib/apache2/modules
    printf 'ServerRoot "%s"\nServerName %s\nPidFile "%s"\n' "$dir/state" "$name" "$dir/state/apache.pid"
    printf 'DefaultRuntimeDir "%s"\nMutex file:%s\nErrorLog "%s"\n' "$dir/state" "$dir/state" "$dir/log/error.log"
    printf 'ServerTokens Prod\nServerSignature Off\nTraceEnable Off\nTimeout 60\n'
    for module in mpm_event authn_core authn_file authn_socache socache_shmcb authz_core authz_user \
        authz_groupfile auth_basic dav dav_fs reqtimeout; do
        printf 'LoadModule %s_module %s/mod_%s.so\n' "$module" "$modules" "$module"
    done
    [[ $plain == yes ]] || printf 'LoadModule ssl_module %s/mod_ssl.so\nSSLSessionCache shmcb:%s/ssl(512000)\n' "$modules" "$dir/state"
    printf 'ServerLimit 8\nThreadsPerChild 32\nMaxRequestWorkers 256\nStartServers 2\n'
    ((EUID != 0)) || printf 'User %s\nGroup %s\n' "$user" "$group"
    printf 'Include "%s"\n' "$dir/apache/site.conf"
}

run() {
    load
    [[ $user_mode == yes ]] || stop "Deze postbus draait in de Apache van het systeem."
    exec apache2 -f "$dir/apache/httpd.conf" -DFOREGROUND
}

# --- certificates -----------------------------------------------------------------------------

make_authority() {
    [[ -e $dir/access/authority.crt ]] && return
    openssl ecparam -name prime256v1 -genkey -noout -out "$dir/access/authority.key"
    chmod 600 "$dir/access/authority.key"
    openssl req -x509 -new -sha256 -days 3650 -key "$dir/access/authority.key" \
        -subj "/CN=Postbus $name" -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
        -addext "keyUsage=critical,keyCertSign,cRLSign" -out "$dir/access/authority.crt"
}

issue() { # NAME server|client CERTIFICATE KEY
    local names="DNS:$1"
    [[ $2 == client ]] && names="DNS:$1.invalid"
    [[ $1 =~ ^[0-9.]+$ ]] && names="IP:$1"
    openssl ecparam -name prime256v1 -genkey -noout -out "$4"
    chmod 600 "$4"
    openssl req -new -sha256 -key "$4" -subj "/CN=$1" |
        openssl x509 -req -sha256 -days 825 -CA "$dir/access/authority.crt" \
            -CAkey "$dir/access/authority.key" -set_serial "0x$(openssl rand -hex 16)" -extfile <(
                printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n'
                printf 'extendedKeyUsage=%sAuth\nsubjectAltName=%s\n' "$2" "$names"
                printf 'authorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n'
            ) -out "$3" 2>/dev/null
}

# --- boxes and accounts -----------------------------------------------------------------------

make_box() { # BOX
    check_box "$1"
    local side
    for side in in uit; do
        mkdir -p "$dir/post/v1/$side/$1"
        chmod 750 "$dir/post/v1/$side/$1"
        own_by_server "$dir/post/v1/$side/$1"
    done
}

box() {
    load
    local new=${1:-$(random_name 16)}
    make_box "$new"
    say "De bus is er. Zet deze naam in het adresboek bij de organisatie:"
    printf '%s\n' "$new"
}

# Adds NAME to the group, or makes the group.
join_group() { # GROUP NAME
    awk -v g="$1:" -v n="$2" '
        $1 == g { found = 1; for (i = 2; i <= NF; i++) if ($i == n) { print; next } print $0 " " n; next }
        { print }
        END { if (!found) print g " " n }' "$dir/access/groups" | replace "$dir/access/groups"
}

leave_groups() { # NAME
    awk -v n="$1" '
        { line = $1; for (i = 2; i <= NF; i++) if ($i != n) line = line " " $i
          if (line != $1) print line }' \
        "$dir/access/groups" | replace "$dir/access/groups"
}

known() { grep -Eq "(^| )$1( |\$)" "$dir/access/groups"; }

# Makes an account; its password, or the file of its certificate, is left in `made`.
make_account() { # BOX laptop|owner NAME
    check_box "$1"
    check_account "$3"
    [[ -d $dir/post/v1/in/$1 ]] || stop "De bus $1 is er niet. Maak hem met: relay.sh box $1"
    if [[ $login == password ]]; then
        # 160 random bits nobody chose: a costly hash would add nothing and be paid at every request.
        made=$(random_name 32)
        {
            grep -v "^$3:" "$dir/access/accounts" || true
            printf '%s:%s\n' "$3" "$(printf '%s' "$made" | openssl passwd -apr1 -stdin)"
        } | replace "$dir/access/accounts"
    else
        local folder
        folder=$(mktemp -d)
        issue "$3" client "$folder/crt" "$folder/key"
        made=$dir/access/$3.pem
        # shellcheck disable=SC2094
        cat "$folder/key" "$folder/crt" "$dir/access/authority.crt" >"$made"
        chmod 600 "$made"
        rm -rf "$folder"
    fi
    join_group everyone "$3"
    join_group "$1-$2" "$3"
}

account() {
    [[ $# -ge 2 && $2 =~ ^(laptop|owner)$ ]] || usage
    load
    local new=${3:-$2-$(random_name 8)}
    locked
    ! known "$new" || stop "Het account $new is er al. Trek het eerst in met: relay.sh revoke $new"
    make_account "$1" "$2" "$new"
    say "Vul dit in het programma in bij Instellingen, Postbus:"
    printf 'adres       %s\n' "$(address)"
    if [[ $login == password ]]; then
        printf 'gebruiker   %s\nwachtwoord  %s\n' "$new" "$made"
        say "Het wachtwoord staat nergens anders. Kwijt? Trek het account in en maak een nieuw."
        [[ $authority == no ]] || printf 'certificaat %s\n' "$dir/access/authority.crt"
    else
        printf 'certificaat %s\n' "$made"
        say "Dat is het account $new. Breng het bestand veilig naar de laptop en wis het hier."
    fi
}

revoke() {
    [[ $# -eq 1 ]] || usage
    load
    check_account "$1"
    locked
    known "$1" || stop "Er is geen account $1."
    leave_groups "$1"
    { grep -v "^$1:" "$dir/access/accounts" || true; } | replace "$dir/access/accounts"
    rm -f "$dir/access/$1.pem"
    say "Het account $1 mag niets meer."
}

address() {
    local scheme=https
    [[ $plain == no ]] || scheme=http
    if [[ $scheme$port == https443 ]]; then printf 'https://%s/\n' "$name"; else printf '%s://%s:%s/\n' "$scheme" "$name" "$port"; fi
}

# --- cleaning ---------------------------------------------------------------------------------

clean() {
    load
    [[ ${1:-$days} =~ ^[0-9]+$ ]] || usage
    # What an upload left behind goes after a day, boxes themselves stay for ever.
    find "$dir/post/v1" -xdev -mindepth 3 -type f -name '.davfs.tmp*' -mmin +1440 -delete
    find "$dir/post/v1" -xdev -mindepth 3 -type f -mtime "+${1:-$days}" -delete
}

# --- the test ---------------------------------------------------------------------------------

failures=0
expect() { # WORDS WANTED GOT
    if [[ $3 == "$2" ]]; then
        say "  goed   $1"
    else
        say "  FOUT   $1 (antwoord $3, verwacht $2)"
        failures=$((failures + 1))
    fi
}

ask() { # ACCOUNT METHOD NAME [curl arguments]: prints the status, the body goes to $work/answer
    local who=$1 method=$2 path=$3
    shift 3
    local how=(--request "$method")
    [[ $method != HEAD ]] || how=(--head)
    curl --silent --output "$work/answer" --write-out '%{http_code}' --max-time 30 --noproxy '*' \
        --config "$work/common" --config "$work/$who" "${how[@]}" "$@" "$(address)$path" || true
}

credentials() { # FILE NAME
    if [[ $login == password ]]; then
        printf 'user = "%s:%s"\n' "$2" "$made" >"$work/$1"
    else
        printf 'cert = "%s"\n' "$made" >"$work/$1"
    fi
}

end_test() {
    local account
    for account in "$ours-laptop" "$ours-owner" "$theirs-owner"; do
        (locked && leave_groups "$account" && { grep -v "^$account:" "$dir/access/accounts" || true; } | replace "$dir/access/accounts")
        rm -f "$dir/access/$account.pem"
    done
    rm -rf "$work" "$dir/post/v1/"{in,uit}/{"$ours","$theirs"}
}

test_relay() {
    load
    work=$(mktemp -d)
    ours=proef$(random_name 12) theirs=proef$(random_name 12)
    trap end_test EXIT
    made=''
    {
        printf 'resolve = "%s:%s:127.0.0.1"\n' "$name" "$port"
        [[ $authority == no ]] || printf 'cacert = "%s"\n' "$dir/access/authority.crt"
    } >"$work/common"
    (
        locked
        make_box "$ours"
        make_box "$theirs"
        make_account "$ours" laptop "$ours-laptop" && credentials laptop "$ours-laptop"
        make_account "$ours" owner "$ours-owner" && credentials owner "$ours-owner"
        make_account "$theirs" owner "$theirs-owner" && credentials other "$theirs-owner"
    )
    : >"$work/nobody"
    local part reply big="$work/big"
    part=v1/in/$theirs/$(random_zid).0000 reply=v1/uit/$ours/$(random_zid).r1
    head -c 1000 /dev/urandom >"$work/data"
    head -c 1048577 /dev/zero >"$big"
    local put=(--upload-file "$work/data" --header 'Expect:')

    say "Een laptop:"
    local got
    got=$(ask laptop PUT "$part" "${put[@]}" --header 'If-None-Match: *')
    [[ $got != 000 ]] || stop "De server antwoordt niet op $(address). Draait Apache, en klopt het certificaat?"
    expect "legt een bestand in de bus van een ander" 201 "$got"
    expect "overschrijft niets" 412 "$(ask laptop PUT "$part" "${put[@]}" --header 'If-None-Match: *')"
    expect "ziet dat het er ligt" 200 "$(ask laptop HEAD "$part")"
    expect "kan het niet terughalen" 403 "$(ask laptop GET "$part")"
    expect "kan het niet wissen" 403 "$(ask laptop DELETE "$part")"
    expect "ziet geen lijst van die bus" 403 "$(ask laptop PROPFIND "v1/in/$theirs/" --header 'Depth: 1')"
    expect "ziet geen lijst van de eigen bus" 403 "$(ask laptop PROPFIND "v1/in/$ours/" --header 'Depth: 1')"
    expect "ziet geen lijst van alle bussen" 403 "$(ask laptop PROPFIND "v1/in/" --header 'Depth: 1')"
    expect "maakt geen andere bestanden" 403 "$(ask laptop PUT "v1/in/$theirs/naam.txt" "${put[@]}")"
    expect "maakt geen mappen" 403 "$(ask laptop MKCOL "v1/in/${theirs}x/")"
    expect "mag niet meer dan 1 MiB tegelijk" 413 "$(ask laptop PUT "v1/in/$theirs/$(random_zid).0000" --upload-file "$big" --header 'Expect:')"

    say "De eigenaar van een bus:"
    expect "ziet wat erin ligt" 207 "$(ask other PROPFIND "v1/in/$theirs/" --header 'Depth: 1')"
    if grep -qF "${part##*/}" "$work/answer"; then got=ja; else got=nee; fi
    expect "ziet het bestand van de laptop" ja "$got"
    expect "ziet geen andere bus" 403 "$(ask other PROPFIND "v1/in/$ours/" --header 'Depth: 1')"
    expect "haalt het op" 200 "$(ask other GET "$part")"
    if cmp -s "$work/data" "$work/answer"; then got=ja; else got=nee; fi
    expect "krijgt precies wat er gestuurd is" ja "$got"
    expect "een andere eigenaar haalt het niet op" 403 "$(ask owner GET "$part")"
    expect "een andere eigenaar wist het niet" 403 "$(ask owner DELETE "$part")"
    expect "wist het" 204 "$(ask other DELETE "$part")"

    say "Het antwoord:"
    expect "een ontvanger legt het neer" 201 "$(ask other PUT "$reply" "${put[@]}")"
    expect "een ontvanger haalt het niet terug" 403 "$(ask other GET "$reply")"
    expect "de laptop van de afzender haalt het op" 200 "$(ask laptop GET "$reply")"
    expect "de laptop van de afzender ruimt het op" 204 "$(ask laptop DELETE "$reply")"

    say "Wie geen account heeft:"
    if [[ $login == password ]]; then got=401; else got=000; fi
    expect "komt er niet in" "$got" "$(ask nobody PUT "v1/in/$theirs/$(random_zid).0000" "${put[@]}")"
    ((failures == 0)) || stop "$failures van de proeven ging fout. Geef deze lijst aan wie de server beheert."
    say "Alles werkt: $(address)"
}

case ${1:-} in
set-up | box | account | revoke | clean | run)
    command=${1//-/_}
    shift
    "$command" "$@"
    ;;
test) test_relay ;;
*) usage ;;
esac
