"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from xinfang.accounts.views import account, drafts, pending_changes, security

urlpatterns = [
    path("login/", account.sign_in, name="login"),
    path("login/code/", account.second_step, name="login-code"),
    path("login/demo/", account.sign_in_demo, name="login-demo"),
    path("logout/", account.sign_out, name="logout"),
    path("password/", account.change_password, name="password"),
    path("account/", security.account_security, name="account"),
    path("account/second-factor/", security.second_factor_page, name="second-factor"),
    path("confirm/", security.confirm, name="confirm"),
    path("drafts/<str:form>/", drafts.of_form, name="drafts"),
    path("drafts/<str:form>/<str:page>/", drafts.of_page, name="draft"),
    path("people/changes/", pending_changes.changes, name="changes"),
]
