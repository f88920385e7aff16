#include "server/access/answer.h"

static const struct {
    const char *en, *zh;
} texts[REASON_COUNT] = {
    [REASON_ALLOWED] = {"", ""},
    [REASON_UNKNOWN_APPLICATION] =
        {"This application is not registered or is switched off. Please tell whoever "
         "runs it.",
         "该应用未登记或已停用，请联系应用管理方。"},
    [REASON_UNKNOWN_PERMISSION] =
        {"This application does not know such an action. Please tell whoever runs it.",
         "该应用没有这项操作，请联系应用管理方。"},
    [REASON_UNKNOWN_SUBJECT] = {"There is no such account.", "没有这个账号。"},
    [REASON_DISABLED] = {"The account is disabled. Please ask your administrator.",
                         "该账号已停用，请联系本单位管理员。"},
    [REASON_NO_ROLE] = {"You have no role that allows this. Your administrator can give you one.",
                        "您没有办理此事的角色，可请管理员授予。"},
    [REASON_PERIOD] = {"Your permission for this has ended or has not begun yet.",
                       "您办理此事的权限已到期或尚未生效。"},
    [REASON_EXCLUDED] =
        {"You hold two roles that must not be held together. Your administrator has to take one "
         "away.",
         "您同时具有两个不相容的角色，须由管理员撤销其一。"},
    [REASON_SCOPE] = {"This lies outside what you are responsible for.", "此事不在您的数据权限范围内。"},
    [REASON_PROPERTIES] = {"It is not known whose this is, so it cannot be opened for you.",
                           "无法确认此事项的归属，因此不能办理。"},
    [REASON_ASSURANCE] = {"Please sign in again with a second factor.", "请使用双因素重新登录后再办理。"},
    [REASON_IDENTITY] = {"Your identity has to be verified to a higher level first.",
                         "请先完成更高等级的实名认证。"},
    [REASON_MANDATE] = {"The mandate does not cover this, or is over.", "委托授权不包含此事，或已失效。"},
    [REASON_SIGN_IN] = {"Your sign-in is over. Please sign in again.", "登录已失效，请重新登录。"},
};

const char *answer_text(enum decision_reason reason, bool chinese)
{
    return chinese ? texts[reason].zh : texts[reason].en;
}

static void write_admin(struct buf *b, const struct decision *d)
{
    buf_add(b, STR("{\"403\":\""));
    buf_add(b, str_of(reason_code(d->reason)));
    buf_add_char(b, ' ');
    buf_add(b, str_of(reason_text(d->reason)));
    if (d->role.len > 0) { /* a name of the registry: nothing in it needs escaping */
        buf_add(b, STR(": "));
        buf_add(b, d->role);
    }
    buf_add(b, STR("\"}"));
}

static void write_user(struct buf *b, enum decision_reason reason)
{
    buf_add_char(b, '{');
    json_write_member(b, "en-403", str_of(answer_text(reason, false)));
    buf_add_char(b, ',');
    json_write_member(b, "zh-403", str_of(answer_text(reason, true)));
    buf_add_char(b, '}');
}

void answer_decision(struct buf *b, const struct decision *d)
{
    if (d->reason == REASON_ALLOWED) {
        buf_add(b, STR("{\"decision\":true}"));
        return;
    }
    buf_add(b, STR("{\"decision\":false,\"context\":{\"reason_admin\":"));
    write_admin(b, d);
    buf_add(b, STR(",\"reason_user\":"));
    write_user(b, d->reason);
    if (d->reason == REASON_ASSURANCE) {
        buf_add_char(b, ',');
        json_write_member(b, "acr_values", str_of(acr_word(d->needed_level)));
    }
    if (d->reason == REASON_IDENTITY)
        buf_printf(b, ",\"identity_level\":%lld", (long long)d->needed_identity);
    buf_add(b, STR("}}"));
}

void answer_fault(struct buf *b, struct str fault)
{
    buf_add(b, STR("{\"decision\":false,\"context\":{\"error\":{\"status\":400,"));
    json_write_member(b, "message", fault);
    buf_add(b, STR("}}}"));
}
