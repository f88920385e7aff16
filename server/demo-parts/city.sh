# The sample city's applications and second factor, and demo.json, which says how to try it all. Sourced by server/demo.

resource_id=https://records.city.example/api

# app NAME SETTING...: registers an application once, and keeps its generated secret for demo.json.
app() {
    local id=$1
    shift
    [ ! -e "$state/apps/$id" ] || return 0
    mkdir -p "$state/apps"
    "$onedoor" --config "$state/main.conf" app show "$id" >/dev/null 2>&1 &&
        "$onedoor" --config "$state/main.conf" app remove "$id"
    "$onedoor" --config "$state/main.conf" app add "$id" "$@" >"$state/apps/$id.new"
    mv "$state/apps/$id.new" "$state/apps/$id"
}

city_apps() {
    app portal name="Citizen Portal" name-zh=市民门户 consent=never description="All services in one place" \
        description-zh=办事服务一站式入口 method=client_secret_basic \
        redirect-uri=https://localhost:9443/portal/callback redirect-uri=http://127.0.0.1:9080/portal/callback \
        post-logout-redirect-uri=https://localhost:9443/portal/ \
        post-logout-redirect-uri=http://127.0.0.1:9080/portal/ \
        grant=authorization_code grant=refresh_token \
        scope=openid scope=profile scope=email scope=phone scope=organisation scope=groups scope=offline_access \
        may-request=$resource_id home-uri=https://localhost:9443/portal/ mandates=TRUE \
        permission=application:submit permission=application:track permission=application:withdraw \
        resource-type="application owner=applicant"
    app backoffice name="Case Handling" name-zh=案件办理 consent=never description="Permits and cases, for staff" \
        description-zh=许可与案件办理（工作人员） method=client_secret_basic acr=substantial person-kind=staff \
        redirect-uri=https://localhost:9443/backoffice/callback \
        redirect-uri=http://127.0.0.1:9080/backoffice/callback \
        post-logout-redirect-uri=https://localhost:9443/backoffice/ \
        post-logout-redirect-uri=http://127.0.0.1:9080/backoffice/ \
        grant=authorization_code grant=refresh_token \
        scope=openid scope=profile scope=email scope=organisation scope=groups \
        may-request=$resource_id home-uri=https://localhost:9443/backoffice/ \
        permission=case:read permission=case:register permission="case:approve acr=substantial" \
        resource-type="case owner=applicant organisation=department" trusted-properties=TRUE
    app spa name="Appointment Booking" name-zh=预约服务 description="Book an appointment" \
        description-zh=网上预约取号 method=none consent=required \
        redirect-uri=https://localhost:9443/spa/callback redirect-uri=http://127.0.0.1:9080/spa/callback \
        post-logout-redirect-uri=https://localhost:9443/spa/ \
        grant=authorization_code grant=refresh_token scope=openid scope=profile scope=email \
        home-uri=https://localhost:9443/spa/
    app service name="Nightly Exchange" name-zh=数据交换 method=client_secret_basic grant=client_credentials \
        scope=records:read may-request=$resource_id
    app resource name="Records API" name-zh=档案接口 method=client_secret_basic grant=client_credentials \
        resource=$resource_id introspection=TRUE \
        permission=record:read permission="record:export acr=substantial identity=4" \
        resource-type="record owner=owner organisation=organisation"
}

# Roles, resources and a mandate, once; what was changed by hand since stays.
city_registry() {
    [ ! -e "$state/registry.ldif" ] || return 0
    sed -e "s|@registry@|$registry_base|g" -e "s|@base@|$base_dn|g" \
        "$root/directory/sample-city/registry.ldif.in" >"$state/registry.ldif.new"
    # -c: an entry that an interrupted start added already is none the worse.
    ldapadd -c -x -H "$ldap_uri" -D "cn=admin,$base_dn" -y "$state/slapd/admin.password" \
        -f "$state/registry.ldif.new" >"$state/registry.log" 2>&1 || [ $? = 68 ] ||
        { cat "$state/registry.log" >&2; fail "the sample city's roles could not be added"; }
    mv "$state/registry.ldif.new" "$state/registry.ldif"
}

# Three administrators, of whom none may be another (and all of whom set up a second factor when they first sign in).
city_administrators() {
    [ ! -e "$state/administrators" ] || return 0
    "$onedoor" --config "$state/main.conf" admin grant system-administrator "$(person admin 2)"
    "$onedoor" --config "$state/main.conf" admin grant security-administrator "$(person security 2)"
    "$onedoor" --config "$state/main.conf" admin grant audit-administrator "$(person auditor 2)"
    touch "$state/administrators"
}

city_fill() {
    city_apps
    city_registry
    city_administrators >"$state/administrators.log"
    local staff
    staff=$(person staff 2)
    if [ ! -e "$state/staff.totp" ]; then
        "$onedoor" --config "$state/main.conf" account enrol-totp "$staff" >"$state/staff.totp.new"
        mv "$state/staff.totp.new" "$state/staff.totp"
    fi
}

# person TAG FIELD: of people.tsv (tag, uid, mail, password).
person() { awk -F '\t' -v tag="$1" -v field="$2" '$1 == tag { print $field; exit }' "$state/slapd/people.tsv"; }

user_json() {
    local totp=
    [ "$1" != staff ] || totp=$(sed -n 's/^totp_secret=//p' "$state/staff.totp")
    jq -n --arg tag "$1" --arg username "$(person "$1" 2)" --arg password "$(person "$1" 4)" --arg totp "$totp" \
        '{($tag): ({username: $username, password: $password} + if $totp == "" then {} else {totp_secret: $totp} end)}'
}

app_json() {
    local id=$1 secret
    secret=$(sed -n 's/^client_secret=//p' "$state/apps/$id")
    "$onedoor" --config "$state/main.conf" app show "$id" | jq -R -s --arg id "$id" --arg secret "$secret" '
        [split("\n")[] | capture("^(?<name>[^=]+)=(?<value>.*)$")] as $all
        | def all($n): [$all[] | select(.name == $n) | .value];
        {($id): ({client_id: $id, redirect_uris: all("redirect-uri")}
            + if $secret == "" then {} else {client_secret: $secret} end
            + if (all("resource") | length) == 0 then {} else {resource: all("resource")[0]} end
            + if (all("post-logout-redirect-uri") | length) == 0 then {}
              else {post_logout_redirect_uris: all("post-logout-redirect-uri")} end)}'
}

city_write_json() {
    local twin=
    ! process_runs onedoor-twin || twin=$(plain_url twin)
    {
        for tag in citizen citizen2 agent staff leaver disabled admin security auditor; do user_json "$tag" | jq '{users: .}'; done
        for id in portal backoffice spa service resource; do app_json "$id" | jq '{apps: .}'; done
    } | jq -s --arg issuer "$issuer" --arg state "$state" --arg ldap_uri "$ldap_uri" --arg base "$base_dn" \
        --arg people "$people_base" --arg registry "$registry_base" --arg redis "$redis_socket" --arg twin "$twin" \
        --arg plain "$(plain_url main)" --arg management "http://127.0.0.1:$(management_port main)" \
        --rawfile admin_password "$state/slapd/admin.password" '
        {issuer: $issuer, plain_url: $plain, management_url: $management,
         ca_file: ($state + "/tls/ca.pem"), redis: {socket: $redis},
         ldap: {uri: $ldap_uri, admin_dn: ("cn=admin," + $base), admin_password: ($admin_password | rtrimstr("\n"))},
         people_base: $people, registry_base: $registry}
        + (if $twin == "" then {} else {twin_plain_url: $twin} end)
        + (reduce .[] as $part ({}; . * $part))' >"$state/demo.json.new"
    mv "$state/demo.json.new" "$state/demo.json"
}
